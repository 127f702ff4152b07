-- A problem's own solutions, judged: one verification a version, the last that was asked for. `state` is what it came to; `running` until then.
create table verifications (
  id uuid primary key,
  problem_id uuid not null references problems (id),
  version integer not null,
  state text not null default 'running' check (state in ('none', 'running', 'verified', 'failed')),
  asked_at timestamptz not null,
  unique (problem_id, version)
);
create index verifications_running on verifications (asked_at) where state = 'running';
-- Its solutions, by their place in the package. A source is named, not held: it is read when the judge is asked.
create table verification_solutions (
  verification_id uuid not null references verifications (id) on delete cascade,
  position integer not null,
  solution jsonb not null,
  queued_at timestamptz,
  outcome jsonb,
  primary key (verification_id, position)
);
