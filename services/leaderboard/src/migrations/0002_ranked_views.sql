-- What reading a large board needs without looking at all of its rows.
-- `epoch` grows when an operator has rows computed anew: a ranked view of an older epoch is thrown away, not caught up.
-- `frame_revision`: the public revision at which something around the rows changed last (phase, problems); a push across it says refetch.
-- `firsts`: for each board, problem → who solved it before all others: {"public": {problemId: {userId, submittedAt, submissionId}}, "full": …}.
alter table contests
  add column epoch bigint not null default 0,
  add column frame_revision bigint not null default 0,
  add column firsts jsonb not null default '{"public": {}, "full": {}}';

-- `public_revision`: the public revision at which the public saw the row change last; `cell_revisions`: likewise for each cell, in the order of the cells.
-- From these any replica knows what a push must carry.
alter table board_rows
  add column public_revision bigint not null default 0,
  add column cell_revisions jsonb not null default '[]';

update contests set frame_revision = public_revision;
update board_rows set cell_revisions = (select coalesce(jsonb_agg(0), '[]') from jsonb_array_elements(public_row -> 'cells'));
update contests c set firsts = jsonb_build_object(
  'public', (
    select coalesce(jsonb_object_agg(problem_id, holder), '{}') from (
      select distinct on (cell ->> 'problemId') cell ->> 'problemId' as problem_id, (cell -> 'solvedBy') || jsonb_build_object('userId', user_id) as holder
      from board_rows r, jsonb_array_elements(r.public_row -> 'cells') cell where r.contest_id = c.contest_id and cell ? 'solvedBy'
      order by cell ->> 'problemId', (cell -> 'solvedBy' ->> 'submittedAt')::bigint, cell -> 'solvedBy' ->> 'submissionId' collate "C") as first_of_each),
  'full', (
    select coalesce(jsonb_object_agg(problem_id, holder), '{}') from (
      select distinct on (cell ->> 'problemId') cell ->> 'problemId' as problem_id, (cell -> 'solvedBy') || jsonb_build_object('userId', user_id) as holder
      from board_rows r, jsonb_array_elements(r.full_row -> 'cells') cell where r.contest_id = c.contest_id and cell ? 'solvedBy'
      order by cell ->> 'problemId', (cell -> 'solvedBy' ->> 'submittedAt')::bigint, cell -> 'solvedBy' ->> 'submissionId' collate "C") as first_of_each));

create index board_rows_unpushed on board_rows (contest_id, public_revision);
-- in pages, also where very many rows changed at once
drop index board_rows_changed;
create index board_rows_changed on board_rows (contest_id, version, user_id);
