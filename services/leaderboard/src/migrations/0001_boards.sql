-- One row a contest. `version` grows with every change of any of its rows or of its rules; it is what caches catch up by and is never shown.
-- `public_revision` grows only when the public board changes: what happens behind a freeze does not move it.
create table contests (
  contest_id uuid primary key,
  snapshot jsonb,
  snapshot_revision bigint not null default -1,
  phase text not null default 'scheduled' check (phase in ('scheduled', 'open', 'frozen', 'thawed')),
  next_turn_at timestamptz,
  version bigint not null default 0,
  public_revision bigint not null default 0,
  pushed_revision bigint not null default 0
);
create index contests_turning on contests (next_turn_at) where next_turn_at is not null;
create index contests_unpushed on contests (contest_id) where pushed_revision < public_revision;

-- Append only. The key makes a fact that comes twice one fact, also when the inbox has forgotten it.
create table log (
  contest_id uuid not null,
  kind text not null check (kind in ('accepted', 'judged', 'registered', 'contest')),
  fact_key text not null,
  user_id uuid,
  fact jsonb not null,
  recorded_at timestamptz not null default now(),
  primary key (contest_id, kind, fact_key)
);
create index log_of_participant on log (contest_id, user_id);

-- Computed from the log; `version` is the contest's at the row's last change.
create table board_rows (
  contest_id uuid not null,
  user_id uuid not null,
  public_row jsonb not null,
  full_row jsonb not null,
  version bigint not null,
  primary key (contest_id, user_id)
);
create index board_rows_changed on board_rows (contest_id, version);
create index board_rows_of_user on board_rows (user_id);

create table users (
  user_id uuid primary key,
  revision bigint not null,
  name text not null,
  school text not null
);
