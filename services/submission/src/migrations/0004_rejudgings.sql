-- The highest attempt ever given out: a judging aside has one above the one that counts, and two of them never the same.
alter table submissions add column last_attempt integer not null default 1;

create table rejudgings (
  id uuid primary key,
  state text not null check (state in ('judging', 'ready', 'applied', 'discarded')),
  filter jsonb not null,
  reason text not null,
  version text not null check (version in ('current', 'same')),
  -- what it was named by: decides who may see it
  contest_id uuid,
  problem_id uuid,
  made_by uuid not null,
  made_at timestamptz not null,
  ended_by uuid,
  ended_at timestamptz
);
create index rejudgings_under_way on rejudgings (id) where state = 'judging';

create table rejudging_members (
  rejudging_id uuid not null references rejudgings (id),
  submission_id uuid not null references submissions (id),
  -- the one that counted when it was made, and the one of the judging aside
  from_attempt integer not null,
  attempt integer not null,
  problem_version integer not null,
  state text not null default 'waiting' check (state in ('waiting', 'queued', 'judged', 'fault')),
  primary key (rejudging_id, submission_id)
);
create unique index rejudging_members_attempt on rejudging_members (submission_id, attempt);
-- What is still to be handed out, and what is out: an index each, so small that it is chosen though nobody has counted a new set's rows yet.
create index rejudging_members_waiting on rejudging_members (rejudging_id, submission_id) where state = 'waiting';
create index rejudging_members_queued on rejudging_members (rejudging_id, submission_id) where state = 'queued';

-- Where the problem has points of its own: { milli, maxMilli, groups }.
alter table judgements add column points jsonb;
