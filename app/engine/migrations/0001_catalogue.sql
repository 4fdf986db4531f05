-- Portable SQL: the same text runs on SQLite and PostgreSQL. Texts in several languages are
-- JSON objects keyed by language code in TEXT columns; lists are JSON arrays.

CREATE TABLE catalogue_version (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO catalogue_version (id, version) VALUES (1, 1);

CREATE TABLE village (
    id UUID PRIMARY KEY,
    slug TEXT NOT NULL CONSTRAINT village_slug_key UNIQUE,
    craft TEXT NOT NULL,
    position INTEGER NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    commune TEXT NOT NULL,
    old_address TEXT NOT NULL,
    distance_km INTEGER NOT NULL,
    name TEXT NOT NULL,
    craft_name TEXT NOT NULL,
    tagline TEXT NOT NULL,
    summary TEXT NOT NULL,
    story TEXT NOT NULL,
    getting_there TEXT NOT NULL,
    best_time TEXT
);

CREATE TABLE workshop (
    id UUID PRIMARY KEY,
    village_id UUID NOT NULL REFERENCES village (id),
    slug TEXT NOT NULL CONSTRAINT workshop_slug_key UNIQUE,
    name TEXT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    legal_name TEXT NOT NULL,
    legal_form TEXT NOT NULL CHECK (legal_form IN ('household', 'cooperative', 'company')),
    tax_code TEXT NOT NULL,
    languages TEXT NOT NULL,
    summary TEXT NOT NULL,
    story TEXT NOT NULL,
    accessibility TEXT NOT NULL,
    locale TEXT NOT NULL,
    feed_token TEXT NOT NULL CONSTRAINT workshop_feed_token_key UNIQUE
);
CREATE INDEX workshop_village ON workshop (village_id);

CREATE TABLE tour (
    id UUID PRIMARY KEY,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    slug TEXT NOT NULL CONSTRAINT tour_slug_key UNIQUE,
    position INTEGER NOT NULL,
    illustration TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    description TEXT NOT NULL,
    included TEXT NOT NULL,
    bring TEXT NOT NULL,
    take_home TEXT NOT NULL,
    meeting_point TEXT NOT NULL,
    meeting_lat DOUBLE PRECISION NOT NULL,
    meeting_lon DOUBLE PRECISION NOT NULL,
    languages TEXT NOT NULL,
    policy TEXT NOT NULL CHECK (policy IN ('flexible', 'moderate', 'strict')),
    lead_time_hours INTEGER NOT NULL CHECK (lead_time_hours >= 0),
    min_party INTEGER NOT NULL CHECK (min_party >= 1),
    max_party INTEGER NOT NULL CHECK (max_party >= min_party),
    sharing TEXT NOT NULL CHECK (sharing IN ('shared', 'private')),
    weather TEXT NOT NULL CHECK (weather IN ('indoor', 'covered', 'outdoor')),
    min_to_run INTEGER NOT NULL CHECK (min_to_run >= 1),
    decide_hours INTEGER NOT NULL CHECK (decide_hours >= 0),
    children BOOLEAN NOT NULL,
    waiver TEXT,
    questions TEXT NOT NULL,
    published BOOLEAN NOT NULL
);
CREATE INDEX tour_workshop ON tour (workshop_id);

CREATE TABLE tour_option (
    id UUID PRIMARY KEY,
    tour_id UUID NOT NULL REFERENCES tour (id),
    slug TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    duration_minutes INTEGER NOT NULL CHECK (duration_minutes > 0),
    capacity INTEGER NOT NULL CHECK (capacity > 0),
    active BOOLEAN NOT NULL,
    CONSTRAINT tour_option_slug_key UNIQUE (tour_id, slug)
);

CREATE TABLE unit (
    id UUID PRIMARY KEY,
    option_id UUID NOT NULL REFERENCES tour_option (id),
    kind TEXT NOT NULL CHECK (kind IN ('adult', 'child', 'student', 'senior', 'infant', 'family')),
    position INTEGER NOT NULL,
    price BIGINT NOT NULL CHECK (price >= 0),
    seats INTEGER NOT NULL CHECK (seats >= 0),
    min_age INTEGER,
    max_age INTEGER,
    active BOOLEAN NOT NULL,
    CONSTRAINT unit_kind_key UNIQUE (option_id, kind)
);

-- A photograph in three widths, re-encoded on upload; bytes live in photo_file so that lists stay light.
CREATE TABLE photo (
    id UUID PRIMARY KEY,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    tour_id UUID REFERENCES tour (id),
    position INTEGER NOT NULL,
    alt TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX photo_workshop ON photo (workshop_id);

CREATE TABLE photo_file (
    photo_id UUID NOT NULL REFERENCES photo (id),
    width INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (photo_id, width)
);
