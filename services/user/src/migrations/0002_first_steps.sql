-- What an empty arena is given once (the demonstration), and which replica is at it until when.
create table first_steps (
  name text primary key,
  claimed_until timestamptz not null,
  done_at timestamptz
);
