-- What participants of a contest learn of a judging while it runs (docs/glossary.md, "detail"); contests told of before had the fullest.
alter table contests add column detail text not null default 'full';
