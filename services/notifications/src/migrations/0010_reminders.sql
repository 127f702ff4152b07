-- Reminders of a contest's start, for each start it was given: a row that was told stays, so that no start is told twice. Claimed by who tells it.
create table reminders (
  contest_id uuid not null,
  kind text not null check (kind in ('tomorrow', 'soon')),
  starts_at timestamptz not null,
  due_at timestamptz not null,
  told_at timestamptz,
  primary key (contest_id, kind, starts_at)
);
create index reminders_due on reminders (due_at) where told_at is null;
create index reminders_by_age on reminders (starts_at);

-- Results that are to be told once a contest is over: `next_try_at` is also the lease of who is at it.
create table contest_results (
  contest_id uuid primary key,
  ends_at timestamptz not null,
  next_try_at timestamptz not null,
  done_at timestamptz
);
create index contest_results_due on contest_results (next_try_at) where done_at is null;
-- Who was told; committed with the message.
create table told_results (
  contest_id uuid not null,
  user_id uuid not null,
  told_at timestamptz not null,
  primary key (contest_id, user_id)
);
create index told_results_by_age on told_results (told_at);

-- Subscriptions as their holders were told last.
create table told_subscriptions (
  subscription_id uuid primary key,
  revision bigint not null,
  last text check (last in ('opened', 'ended'))
);

-- Contests that are known already and still ahead, or just over.
insert into reminders (contest_id, kind, starts_at, due_at)
select contest_id, kind, starts_at, starts_at - ahead
from contests
cross join lateral (select (snapshot ->> 'startsAt')::timestamptz as starts_at) as clock
cross join (values ('tomorrow', interval '24 hours'), ('soon', interval '15 minutes')) as kinds (kind, ahead)
where starts_at > now() and snapshot ->> 'timing' <> 'untimed' and not (snapshot ->> 'deleted')::boolean and not (snapshot ->> 'archived')::boolean;
insert into contest_results (contest_id, ends_at, next_try_at)
select contest_id, ends_at, ends_at + interval '30 seconds'
from contests
cross join lateral (select (snapshot ->> 'endsAt')::timestamptz as ends_at) as clock
where ends_at > now() and snapshot ->> 'timing' <> 'untimed' and not (snapshot ->> 'deleted')::boolean and not (snapshot ->> 'archived')::boolean;
