-- The version a contest judges by. Null: whatever the problem's newest is, as long as the contest has not begun.
alter table contest_problems add column version integer;
