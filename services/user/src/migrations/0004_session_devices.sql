-- For the list of one's own sessions: what the browser said it was, by names of ours (domain/device.ts), and when it last traded its token.
alter table sessions add column browser text;
alter table sessions add column system text;
alter table sessions add column last_used_at timestamptz;
