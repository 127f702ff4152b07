-- How often money of a payment went from the customer's credit to what is earned, or back: each time is an entry of its own in the books.
alter table payments add column applications integer not null default 0;
