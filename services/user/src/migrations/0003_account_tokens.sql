-- Whether the address was proven: by the link of a mail that went there.
alter table users add column email_verified boolean not null default false;

-- Links that were given out; only the SHA-256 of a token is kept. One of a kind an account: a new one takes the place of the one before, a used one is gone.
-- `email` is the address that the mail went to, null for a link that an admin handed over.
create table account_tokens (
  user_id uuid not null references users on delete cascade,
  kind text not null check (kind in ('verify', 'reset', 'handed')),
  hash bytea not null unique,
  email text,
  expires_at timestamptz not null,
  primary key (user_id, kind)
);
create index account_tokens_expiry on account_tokens (expires_at);

-- Addresses that asked for a new password, known here or not: the answer is given before anybody looks whether there is such an account.
create table forgotten_passwords (
  id uuid primary key,
  email text not null,
  asked_at timestamptz not null
);
create index forgotten_passwords_in_turn on forgotten_passwords (asked_at);
