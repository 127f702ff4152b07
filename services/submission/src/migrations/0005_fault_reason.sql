-- Why it could not be judged, in the judge's words: for staff. A checker that crashed is mended by who reads this.
alter table submissions add column fault_reason text;
