-- The books of the sandbox provider: play money. As far from `payments` as another company's are: nothing here is read to learn what was paid, but by
-- asking that provider. Empty in production, where it is not offered.
create table sandbox_payments (
  reference text primary key,
  amount bigint not null check (amount > 0),
  currency text not null,
  description text not null,
  payer_name text not null,
  payer_email text,
  return_url text not null,
  state text not null check (state in ('open', 'paid', 'refused')),
  paid_at timestamptz,
  refunded bigint not null default 0,
  refund_ids text[] not null default '{}',
  constraint sandbox_payments_paid_have_time check ((state = 'paid') = (paid_at is not null)),
  constraint sandbox_payments_refunded_was_paid check (refunded >= 0 and refunded <= case when state = 'paid' then amount else 0 end)
);
