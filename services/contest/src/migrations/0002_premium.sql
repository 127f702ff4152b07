-- A participant's first sight of the problems. In a premium contest it takes a subscription once; afterwards nobody is thrown out in the middle.
alter table registrations add column opened_at timestamptz;
-- Whoever's clock had begun before this was asked for has seen them.
update registrations set opened_at = started_at where started_at <= now();

-- What billing last said of those who ever had a subscription; events of billing make it stale, shorten or lengthen it.
create table entitlements (
  user_id uuid primary key,
  -- open until then, as far as is known; in the past: it was, until then
  until timestamptz not null,
  -- the one that opened it
  subscription_id uuid,
  asked_at timestamptz not null,
  -- something has changed since it was asked: ask again before believing it
  stale boolean not null default false,
  -- grows when a change is told: an answer that was asked for before is not kept
  tellings integer not null default 0,
  -- of the subscription, as last told
  revision integer
);
create index entitlements_by_subscription on entitlements (subscription_id);
