-- The language of title and statement, where it is known, and the same in others: [{language, title, statement, html}].
alter table problems add column language text;
alter table problems add column translations jsonb not null default '[]';
-- Pictures and PDF files of statements: [{name, digest, bytes, contentType}].
alter table problems add column files jsonb not null default '[]';

-- What a package brought that neither participants nor the judge see: its own solutions, licence, generators. Kept for export.
create table problem_packages (
  problem_id uuid primary key references problems (id),
  package jsonb not null
);
-- the blobs of packages and statements: what a backup takes along beside test data
create table package_files (
  problem_id uuid not null references problems (id),
  digest text not null,
  primary key (problem_id, digest)
);
