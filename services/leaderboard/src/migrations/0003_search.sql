-- Names and schools as plain words, made by the service (domain/words.ts), so that a search does not depend on the machine's language. Words of rows from
-- before are made here, and anew when the user changes; both leave out accents, case and whatever is neither letter nor digit.
alter table users
  add column name_words text not null default '',
  add column school_words text not null default '';
update users set
  name_words = regexp_replace(regexp_replace(lower(normalize(name, NFD)), '[\u0300-\u036f]', '', 'g'), '[!-/:-@\[-`{-~[:space:]]+', ' ', 'g'),
  school_words = regexp_replace(regexp_replace(lower(normalize(school, NFD)), '[\u0300-\u036f]', '', 'g'), '[!-/:-@\[-`{-~[:space:]]+', ' ', 'g');
alter table users add column words tsvector not null
  generated always as (setweight(to_tsvector('simple', name_words), 'A') || setweight(to_tsvector('simple', school_words), 'B')) stored;
create index users_words on users using gin (words);
