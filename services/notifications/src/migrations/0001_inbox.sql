-- What others tell, as far as messages need it.
create table users (
  user_id uuid primary key,
  revision bigint not null,
  name text not null,
  role text not null,
  disabled boolean not null,
  sessions_valid_from timestamptz not null,
  welcomed_at timestamptz
);
create table ended_sessions (
  session_id uuid primary key,
  ended_at timestamptz not null
);
create table contests (
  contest_id uuid primary key,
  snapshot jsonb not null,
  revision bigint not null
);
create table registrations (
  contest_id uuid not null,
  user_id uuid not null,
  primary key (contest_id, user_id)
);
create index registrations_of_user on registrations (user_id);
-- The newest attempt of a submission that its author was told of.
create table told_attempts (
  submission_id uuid primary key,
  attempt integer not null,
  told_at timestamptz not null
);

-- `last_seq` is given out under the row's lock, held until the commit: a user's messages commit in the order of their numbers, without a gap.
create table mailboxes (
  user_id uuid primary key,
  last_seq bigint not null,
  read_seq bigint not null default 0
);
create table messages (
  user_id uuid not null,
  seq bigint not null,
  code text not null,
  params jsonb not null,
  message text not null,
  at timestamptz not null,
  batch_id uuid,
  primary key (user_id, seq)
);
create index messages_of_batch on messages (batch_id, user_id) where batch_id is not null;
create index messages_by_age on messages (at);

create table mails (
  id uuid primary key,
  recipient text not null,
  subject text not null,
  body text not null,
  tries integer not null default 0,
  next_try_at timestamptz not null,
  sent_at timestamptz,
  given_up_at timestamptz,
  last_error text
);
create index mails_waiting on mails (next_try_at) where sent_at is null and given_up_at is null;
