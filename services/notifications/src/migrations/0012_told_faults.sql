-- When the staff of a problem were last told that it cannot be judged by: a whole class may hand in to it within a minute.
create table told_faults (
  problem_id uuid primary key,
  told_at timestamptz not null
);
