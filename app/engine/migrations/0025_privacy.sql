-- What guests agreed to, how they get at their data, who saw it, and what was forgotten by time.

-- What a guest agreed to when; which text is meant, the version says. Names nobody.
CREATE TABLE consent (
    id UUID PRIMARY KEY,
    subject TEXT NOT NULL CHECK (subject IN ('booking', 'enquiry', 'waitlist', 'gift_card')),
    subject_id UUID NOT NULL,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    kind TEXT NOT NULL CHECK (kind IN ('terms', 'privacy', 'waiver')),
    version TEXT NOT NULL,
    locale TEXT NOT NULL,
    agreed_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT consent_once UNIQUE (subject, subject_id, kind, version)
);

-- Links to what is held under an address. Only hashes of tokens are kept.
CREATE TABLE data_link (
    token_hash TEXT PRIMARY KEY,
    -- In lower case.
    email TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX data_link_email ON data_link (email, created_at);

-- Who looked at whose data: one row for a person, a thing and a day.
CREATE TABLE personal_view (
    id UUID PRIMARY KEY,
    on_date DATE NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'staff', 'office', 'guide')),
    what TEXT NOT NULL CHECK (what IN
        ('booking', 'day', 'departure', 'enquiry', 'gift_card', 'export')),
    -- A booking's code, a date, a departure's id …
    subject TEXT NOT NULL,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    first_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT personal_view_once UNIQUE (workshop_id, on_date, actor, what, subject)
);
CREATE INDEX personal_view_subject ON personal_view (what, subject);
CREATE INDEX personal_view_date ON personal_view (on_date);

-- What was forgotten by time, by days; JSON: a number for each kind.
CREATE TABLE retention_run (
    on_date DATE PRIMARY KEY,
    ran_at TIMESTAMPTZ NOT NULL,
    done TEXT NOT NULL
);

-- When nobody could be recognised any more.
ALTER TABLE booking ADD COLUMN anonymised_at TIMESTAMPTZ;
-- Addresses are compared in lower case.
CREATE INDEX booking_address ON booking (LOWER(email));
CREATE INDEX outbox_address ON outbox (LOWER(recipient));
CREATE INDEX outbox_created ON outbox (created_at);
CREATE INDEX audit_at ON audit (at);
