-- Who has the page open, for the teachers of their contests: the last time a replica had a socket of theirs. Losable (a crash of the database empties it, and
-- the next beat fills it again), so it is written without a log: a class that sits there all day costs next to nothing.
create unlogged table presence (
  user_id uuid primary key,
  seen_at timestamptz not null
);
create index presence_by_age on presence (seen_at);
