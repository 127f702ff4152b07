create table problems (
  id uuid primary key,
  owner_id uuid not null,
  kind text not null check (kind in ('choice', 'numeric', 'program')),
  title text not null,
  subject text not null,
  tags text[] not null,
  public boolean not null,
  statement text not null,
  -- answer key, options, limits and digests of the tests, as of the current version
  content jsonb not null,
  -- what readers get: HTML rendered when it was saved
  view jsonb not null,
  warnings text[] not null default '{}',
  version integer not null,
  revision integer not null,
  -- removed problems stay: earlier submissions were judged by them
  deleted boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index problems_by_owner on problems (owner_id, id desc) where not deleted;
create index problems_public on problems (id desc) where public and not deleted;

-- one row a version, never changed: a verdict can be reproduced
create table problem_versions (
  problem_id uuid not null references problems (id),
  version integer not null,
  judging jsonb not null,
  created_at timestamptz not null,
  primary key (problem_id, version)
);
-- the blobs that are test data; only these are handed to the judge
create table test_data (digest text primary key);

create table contests (
  id uuid primary key,
  owner_id uuid not null,
  revision integer not null,
  title text not null,
  description text not null,
  description_html text not null,
  subject text not null,
  format text not null,
  timing text not null check (timing in ('window', 'personal', 'untimed')),
  starts_at timestamptz,
  ends_at timestamptz,
  -- derived from ends_at and the rules, for lists by phase
  freeze_at timestamptz,
  duration_minutes integer,
  rules jsonb not null,
  premium boolean not null,
  archived boolean not null default false,
  has_submissions boolean not null default false,
  created_at timestamptz not null,
  -- newest start first; an untimed contest by when it was made
  listed_at timestamptz not null generated always as (coalesce(starts_at, created_at)) stored
);
create index contests_listed on contests (listed_at desc, id desc);

create table contest_problems (
  contest_id uuid not null references contests (id) on delete cascade,
  position integer not null,
  problem_id uuid not null references problems (id),
  label text not null,
  points integer not null,
  max_attempts integer,
  primary key (contest_id, problem_id)
);
create index contest_problems_by_problem on contest_problems (problem_id);

create table registrations (
  contest_id uuid not null references contests (id) on delete cascade,
  user_id uuid not null,
  joined_at timestamptz not null,
  started_at timestamptz not null,
  ends_at timestamptz,
  primary key (contest_id, user_id)
);
create index registrations_by_user on registrations (user_id);

-- what is told once at a moment: starting, started, frozen, ended
create table contest_moments (
  contest_id uuid not null references contests (id) on delete cascade,
  moment text not null,
  due_at timestamptz not null,
  -- told, or passed over because it was long gone
  done_at timestamptz,
  primary key (contest_id, moment)
);
create index contest_moments_due on contest_moments (due_at) where done_at is null;
