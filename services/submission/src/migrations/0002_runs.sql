-- Programs tried with an input of their author's own: nobody's record, forgotten after an hour. Source and input travel in the job alone.
create table runs (
  id uuid primary key,
  user_id uuid not null,
  created_at timestamptz not null,
  status text not null check (status in ('queued', 'finished', 'fault')),
  idempotency_key text,
  -- of the body, so that the same key with another body is noticed
  body_digest bytea not null,
  -- what the judge told, once it is finished
  report jsonb,
  unique (user_id, idempotency_key)
);
create index runs_by_user on runs (user_id, created_at desc);
create index runs_by_age on runs (created_at);
