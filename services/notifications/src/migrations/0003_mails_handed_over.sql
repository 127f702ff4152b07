-- Looked at every second: what processes that are gone had handed over. As many rows as mails are on their way, however many wait.
create index mails_handed_over on mails (due_at) where state = 'sending' and handed_over_at is not null;
