-- Money is a bigint of the currency's minor unit, everywhere (docs/adr/0008, lib/kernel/money.ts).

-- Users as the user service tells them; a row with revision 0 is somebody whose token came before their event.
create table users (
  user_id uuid primary key,
  revision bigint not null,
  name text not null,
  email text,
  disabled boolean not null default false
);

create table plans (
  id uuid primary key,
  name text not null,
  description text not null,
  features jsonb not null,
  grants jsonb not null,
  audience text not null check (audience in ('person', 'school')),
  period_months integer not null check (period_months > 0),
  trial_days integer not null check (trial_days >= 0),
  grace_days integer not null check (grace_days >= 0),
  seats integer check (seats > 0),
  prices jsonb not null,
  active boolean not null default true,
  created_at timestamptz not null,
  constraint plans_seats_are_of_schools check ((audience = 'school') = (seats is not null))
);

-- The facts of a subscription. What follows from facts and the time (status, revision …) is kept beside them for who was told last, never believed.
create table subscriptions (
  id uuid primary key,
  holder_id uuid not null,
  plan_id uuid not null references plans,
  terms jsonb not null,
  school text,
  join_code text,
  provider text not null,
  created_at timestamptz not null,
  trial_ends_at timestamptz,
  sponsored_until timestamptz,
  sponsored_by uuid,
  sponsored_reason text,
  cancelled_at timestamptz,
  idempotency_key text,
  body_digest bytea,
  revision bigint not null default 0,
  told jsonb,
  told_soon_of timestamptz,
  told_grace_of timestamptz,
  next_turn_at timestamptz,
  constraint subscriptions_join_code_unique unique (join_code),
  constraint subscriptions_idempotency_unique unique (holder_id, idempotency_key)
);
create index subscriptions_holder on subscriptions (holder_id, id);
create index subscriptions_turn on subscriptions (next_turn_at) where next_turn_at is not null;

create table members (
  subscription_id uuid not null references subscriptions,
  user_id uuid not null,
  joined_at timestamptz not null,
  primary key (subscription_id, user_id)
);
create index members_user on members (user_id);

-- One row for each period that is to be paid; `reference` is what the provider knows it by. What came (`received_*`) need not be what was asked.
create table payments (
  id uuid primary key,
  subscription_id uuid not null references subscriptions,
  reference text not null,
  provider text not null,
  terms jsonb not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  status text not null check (status in ('pending', 'succeeded', 'failed', 'expired')),
  created_at timestamptz not null,
  page jsonb,
  expires_at timestamptz not null,
  provider_ref text,
  received_amount bigint check (received_amount > 0),
  received_currency text,
  paid_at timestamptz,
  confirmed_by uuid,
  note text,
  -- of what came and was not given back: what a period was given for, and what is still the customer's
  earned_amount bigint not null default 0 check (earned_amount >= 0),
  credit_amount bigint not null default 0 check (credit_amount >= 0),
  trouble text,
  checks integer not null default 0,
  next_check_at timestamptz,
  last_error text,
  constraint payments_reference_unique unique (reference),
  constraint payments_succeeded_have_money check ((status = 'succeeded') = (paid_at is not null and received_amount is not null and received_currency is not null)),
  constraint payments_split_is_received check (earned_amount + credit_amount <= coalesce(received_amount, 0))
);
create index payments_subscription on payments (subscription_id);
create index payments_check on payments (next_check_at) where next_check_at is not null;
create index payments_troubled on payments (id) where trouble is not null;

-- Money on its way back. `asked` until the provider has taken it; the same id is shown to the provider at each try. `provider`: seen in the provider's own
-- books, where somebody gave it back by the provider's own page.
create table refunds (
  id uuid primary key,
  payment_id uuid not null references payments,
  amount bigint not null check (amount > 0),
  reason text not null,
  origin text not null check (origin in ('admin', 'provider')),
  asked_by uuid,
  asked_at timestamptz not null,
  idempotency_key text,
  body_digest bytea,
  status text not null check (status in ('asked', 'done', 'refused')),
  -- what had been given back before its first try
  refunded_before bigint,
  done_at timestamptz,
  tries integer not null default 0,
  next_try_at timestamptz,
  last_error text,
  constraint refunds_idempotency_unique unique (asked_by, idempotency_key)
);
create index refunds_payment on refunds (payment_id);
create index refunds_try on refunds (next_try_at) where next_try_at is not null;

-- What providers told, kept once, before anything is made of it.
create table notices (
  provider text not null,
  event_id text not null,
  reference text,
  received_at timestamptz not null,
  tries integer not null default 0,
  next_try_at timestamptz,
  done_at timestamptz,
  last_error text,
  primary key (provider, event_id)
);
create index notices_try on notices (next_try_at) where next_try_at is not null;
create index notices_done on notices (done_at) where done_at is not null;

-- The last number given. Its row is locked by the transaction that gives the next one: if that rolls back, so does the number. No gap, no double.
create table receipt_counter (
  only_one boolean primary key default true check (only_one),
  last bigint not null default 0
);
insert into receipt_counter default values;

create table receipts (
  number bigint primary key check (number > 0),
  kind text not null check (kind in ('receipt', 'credit-note')),
  of_number bigint references receipts,
  payment_id uuid not null references payments,
  refund_id uuid references refunds,
  subscription_id uuid not null references subscriptions,
  holder_id uuid not null,
  issued_at timestamptz not null,
  document jsonb not null,
  constraint receipts_of_a_refund check ((kind = 'credit-note') = (refund_id is not null and of_number is not null)),
  constraint receipts_refund_unique unique (refund_id)
);
create unique index receipts_payment_unique on receipts (payment_id) where kind = 'receipt';
create index receipts_holder on receipts (holder_id, number);

-- Double entry, append-only. Debit is positive. `source` says which fact an entry books, so that none is booked twice.
create table ledger_entries (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  at timestamptz not null,
  kind text not null check (kind in ('payment', 'refund', 'application')),
  source text not null unique,
  reference text not null
);
create table ledger_postings (
  entry_seq bigint not null references ledger_entries,
  line integer not null,
  account text not null,
  currency text not null,
  amount bigint not null check (amount <> 0),
  primary key (entry_seq, line)
);
create index ledger_postings_account on ledger_postings (account, currency, entry_seq) include (amount);

-- Checked at commit, when the entry is whole: it has postings, and they add up to zero in each currency.
create function ledger_is_balanced() returns trigger language plpgsql as $$
declare
  entry bigint;
begin
  if tg_table_name = 'ledger_entries' then entry := new.seq; else entry := new.entry_seq; end if;
  if not exists (select 1 from ledger_postings where entry_seq = entry) then
    raise exception 'ledger entry % has no postings', entry using errcode = 'check_violation';
  end if;
  if exists (select 1 from ledger_postings where entry_seq = entry group by currency having sum(amount) <> 0) then
    raise exception 'ledger entry % does not add up to zero', entry using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger ledger_entries_balanced after insert on ledger_entries deferrable initially deferred
  for each row execute function ledger_is_balanced();
create constraint trigger ledger_postings_balanced after insert on ledger_postings deferrable initially deferred
  for each row execute function ledger_is_balanced();

create function append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger ledger_entries_append_only before update or delete or truncate on ledger_entries for each statement execute function append_only();
create trigger ledger_postings_append_only before update or delete or truncate on ledger_postings for each statement execute function append_only();
create trigger receipts_append_only before update or delete or truncate on receipts for each statement execute function append_only();
