-- The service's own view of contests, problems and registrations: what accepting needs, kept by events, the newest revision wins.
create table contests (
  id uuid primary key,
  revision bigint not null,
  owner_id uuid not null,
  timing text not null,
  format text not null,
  starts_at timestamptz,
  ends_at timestamptz,
  feedback text not null,
  archived boolean not null,
  deleted boolean not null,
  problems jsonb not null
);
create table problems (
  id uuid primary key,
  revision bigint not null,
  version integer not null,
  owner_id uuid not null,
  kind text not null,
  public boolean not null,
  deleted boolean not null,
  languages text[],
  source_bytes integer not null,
  option_ids text[],
  multiple boolean not null
);
create table registrations (
  contest_id uuid not null,
  user_id uuid not null,
  started_at timestamptz not null,
  ends_at timestamptz,
  told_at timestamptz not null,
  primary key (contest_id, user_id)
);

create table submissions (
  id uuid primary key,
  user_id uuid not null,
  contest_id uuid,
  problem_id uuid not null,
  problem_version integer not null,
  kind text not null,
  label text,
  language text,
  source text,
  answer jsonb,
  lane text not null,
  stop_at_first_failure boolean not null,
  submitted_at timestamptz not null,
  -- the judging that counts; a rejudge raises it, and results of lower ones are too late
  attempt integer not null default 1,
  status text not null check (status in ('queued', 'judged', 'fault')),
  fault_whose text,
  idempotency_key text,
  -- of the body, so that the same key with another body is noticed
  body_digest bytea,
  unique (user_id, idempotency_key)
);
create index submissions_by_user on submissions (user_id, id desc);
create index submissions_by_contest on submissions (contest_id, id desc) where contest_id is not null;
create index submissions_attempts on submissions (user_id, contest_id, problem_id) where contest_id is not null;
create index submissions_pending on submissions (user_id) where status = 'queued';

-- One a submission and attempt, kept for ever: an overtaken judging stays readable.
create table judgements (
  submission_id uuid not null references submissions (id),
  attempt integer not null,
  verdict text not null,
  score integer not null,
  cpu_ms integer not null,
  wall_ms integer not null,
  memory_bytes bigint not null,
  tests jsonb not null,
  compile_log text,
  provenance jsonb not null,
  stages jsonb not null,
  judged_at timestamptz not null,
  primary key (submission_id, attempt)
);
