-- E-mail and username are kept in lower case, so a plain unique index makes them unique whatever the case typed.
create table users (
  id uuid primary key,
  email text,
  username text,
  password_hash text not null,
  name text not null,
  school text not null,
  role text not null check (role in ('student', 'teacher', 'admin')),
  language text not null check (language in ('en', 'rw', 'fr')),
  disabled boolean not null default false,
  revision integer not null default 1,
  sessions_valid_from timestamptz not null,
  created_at timestamptz not null,
  constraint users_email_unique unique (email),
  constraint users_username_unique unique (username),
  constraint users_have_a_login_name check (email is not null or username is not null)
);
create index users_admins on users (id) where role = 'admin';

-- One login on one device: the family of refresh tokens that descend from it.
create table sessions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  started_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index sessions_live on sessions (user_id) where ended_at is null;
create index sessions_expiry on sessions (expires_at);

-- Only the SHA-256 of a token is kept. `parent` is the token it was traded for.
create table refresh_tokens (
  hash bytea primary key,
  session_id uuid not null references sessions on delete cascade,
  parent bytea,
  issued_at timestamptz not null,
  used_at timestamptz,
  replaced_at timestamptz
);
create index refresh_tokens_session on refresh_tokens (session_id);
create index refresh_tokens_parent on refresh_tokens (parent);
create index refresh_tokens_issued on refresh_tokens (issued_at);

-- Browsers that an account has logged in from: their budget of tries is their own (see domain/throttling.ts).
create table known_devices (
  device_hash bytea not null,
  user_id uuid not null references users on delete cascade,
  seen_at timestamptz not null,
  primary key (device_hash, user_id)
);
create index known_devices_seen on known_devices (seen_at);

create table signing_keys (
  kid text primary key,
  public_jwk jsonb not null,
  private_jwk jsonb not null,
  created_at timestamptz not null
);
