CREATE TABLE person (
    id UUID PRIMARY KEY,
    email TEXT NOT NULL CONSTRAINT person_email_key UNIQUE,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    password_hash TEXT,
    admin BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE membership (
    person_id UUID NOT NULL REFERENCES person (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'staff')),
    PRIMARY KEY (person_id, workshop_id)
);
CREATE INDEX membership_workshop ON membership (workshop_id);

-- Only hashes of tokens are kept: who reads the table cannot sign in with it.
CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    created_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX session_person ON session (person_id);

CREATE TABLE sign_in_link (
    token_hash TEXT PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX sign_in_link_person ON sign_in_link (person_id, created_at);

CREATE TABLE audit (
    id UUID PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    verb TEXT NOT NULL,
    subject TEXT NOT NULL,
    workshop_id UUID REFERENCES workshop (id),
    detail TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, at);
CREATE INDEX audit_workshop ON audit (workshop_id, at);
