-- Mail is rendered when it is sent, from its kind and parameters: no secret and no finished text rests here. The old table held finished texts, welcome
-- mails alone; those that still waited are not carried over. Replicas of the last version fail on the new table instead of sending what they cannot read.
drop table mails;

alter table users
  add column email text,
  add column email_verified boolean not null default false,
  add column language text not null default 'en';

-- Kinds of mail a user does without; no row: none.
create table mail_preferences (
  user_id uuid primary key,
  off text[] not null
);

-- state: waiting → sending → sent | waiting again | given-up | in-doubt | not-wanted. Account mail is urgent, and comes first.
create table mails (
  id uuid primary key,
  user_id uuid not null,
  template text not null,
  urgent boolean not null,
  -- of account mail alone; for others the account is looked at when they are sent
  recipient text,
  name text,
  language text,
  -- a token, encrypted; opened when the mail is sent
  sealed text,
  -- null once the mail is settled, like the four above
  params jsonb,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'given-up', 'in-doubt', 'not-wanted')),
  -- grows each time somebody takes it: who had it before can write nothing any more
  attempt integer not null default 0,
  -- tries that failed for a reason of this mail's own
  failures integer not null default 0,
  -- waiting: the next try; sending: when the lease of the process that has it ends
  due_at timestamptz not null,
  -- in this attempt the mail server was about to get its text: without an answer nobody knows whether it has it
  handed_over_at timestamptz,
  expires_at timestamptz,
  queued_at timestamptz not null,
  settled_at timestamptz,
  reason text
);
create index mails_due on mails (urgent desc, due_at) where state in ('waiting', 'sending');
create index mails_settled on mails (settled_at) where settled_at is not null;
