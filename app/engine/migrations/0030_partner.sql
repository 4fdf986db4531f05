-- Schools, designers and institutes that workshops and co-ops work with; their designs, places for
-- students, and who comes to study a craft.

-- Shown to guests only while both agree.
CREATE TABLE partner (
    id UUID PRIMARY KEY,
    -- The same form sent twice is one partner.
    form_key TEXT NOT NULL CONSTRAINT partner_form_key UNIQUE,
    workshop_id UUID REFERENCES workshop (id),
    coop_id UUID REFERENCES coop (id),
    kind TEXT NOT NULL CHECK (kind IN ('school', 'designer', 'institute')),
    name TEXT NOT NULL,
    city TEXT NOT NULL,
    -- Its site; may be empty.
    web TEXT NOT NULL,
    since DATE NOT NULL,
    -- Whom the workshop writes to; never shown. Emptied when the two part.
    contact TEXT NOT NULL,
    email TEXT NOT NULL,
    locale TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'agreed', 'declined', 'ended')),
    -- In the address of the page where the partner answers.
    secret TEXT NOT NULL,
    -- Grows with every change; writers compare it.
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ,
    CONSTRAINT partner_of_one CHECK ((workshop_id IS NULL) <> (coop_id IS NULL))
);
CREATE INDEX partner_workshop ON partner (workshop_id);
CREATE INDEX partner_coop ON partner (coop_id);

CREATE TABLE design (
    id UUID PRIMARY KEY,
    form_key TEXT NOT NULL CONSTRAINT design_form_key UNIQUE,
    workshop_id UUID REFERENCES workshop (id),
    coop_id UUID REFERENCES coop (id),
    -- Whose it is; NULL for the house's own. It stays what it was from the first day.
    partner_id UUID REFERENCES partner (id),
    -- As credited, and as rules of shares name them; empty for the house's own.
    designer TEXT NOT NULL,
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    licence TEXT NOT NULL CHECK (licence IN ('agreement', 'cc_by', 'cc_by_sa', 'cc_by_nc', 'own')),
    licence_words TEXT NOT NULL,
    shared_with TEXT NOT NULL CHECK (shared_with IN ('workshop', 'coop', 'all')),
    picture_id UUID NOT NULL,
    -- Of the largest copy, pixels.
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    -- Nobody takes it anew.
    retired BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT design_of_one CHECK ((workshop_id IS NULL) <> (coop_id IS NULL))
);
CREATE INDEX design_workshop ON design (workshop_id);
CREATE INDEX design_coop ON design (coop_id);

CREATE TABLE design_file (
    picture_id UUID NOT NULL,
    width INTEGER NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (picture_id, width)
);

-- Which designs a tour uses, and on which days it did: the designer has a share of these days' visits.
CREATE TABLE tour_design (
    tour_id UUID NOT NULL REFERENCES tour (id),
    design_id UUID NOT NULL REFERENCES design (id),
    first_date DATE NOT NULL,
    last_date DATE,
    PRIMARY KEY (tour_id, design_id, first_date)
);
CREATE INDEX tour_design_design ON tour_design (design_id);

-- A place where students learn by working.
CREATE TABLE placement (
    id UUID PRIMARY KEY,
    form_key TEXT NOT NULL CONSTRAINT placement_form_key UNIQUE,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    asked TEXT NOT NULL,
    allowance TEXT NOT NULL,
    first_date DATE NOT NULL,
    last_date DATE NOT NULL,
    places INTEGER NOT NULL CHECK (places BETWEEN 1 AND 99),
    open BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT placement_days CHECK (first_date <= last_date)
);
CREATE INDEX placement_workshop ON placement (workshop_id);
CREATE INDEX placement_days_left ON placement (last_date);

-- What a workshop says to researchers; one without a row says nothing.
CREATE TABLE study (
    workshop_id UUID PRIMARY KEY REFERENCES workshop (id),
    welcome BOOLEAN NOT NULL,
    themes TEXT NOT NULL,
    conditions TEXT NOT NULL,
    languages TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

-- Who asks: a student for a placement, a researcher for a study.
CREATE TABLE applicant (
    id UUID PRIMARY KEY,
    form_key TEXT NOT NULL CONSTRAINT applicant_form_key UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('placement', 'study')),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    placement_id UUID REFERENCES placement (id),
    -- In the address of their page.
    secret TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'invited', 'accepted', 'declined', 'withdrawn')),
    locale TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    -- School or institute.
    organisation TEXT NOT NULL,
    -- Of a study what it is about.
    topic TEXT NOT NULL,
    words TEXT NOT NULL,
    -- The workshop's last words.
    reply TEXT NOT NULL,
    -- The version of the privacy text that they agreed to.
    privacy_version TEXT NOT NULL,
    -- The day of the last change: from then, or from the placement's last day, it is kept for a time.
    changed_on DATE NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT applicant_for CHECK ((kind = 'placement') = (placement_id IS NOT NULL))
);
CREATE INDEX applicant_workshop ON applicant (workshop_id, created_at);
CREATE INDEX applicant_placement ON applicant (placement_id);
CREATE INDEX applicant_address ON applicant (LOWER(email));

-- Time that a student spent, a row a day.
CREATE TABLE applicant_day (
    id UUID PRIMARY KEY,
    applicant_id UUID NOT NULL REFERENCES applicant (id),
    on_date DATE NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT applicant_day_once UNIQUE (applicant_id, on_date)
);

-- Designers have shares. A CHECK can't be changed on SQLite, so the column is made anew.
ALTER TABLE ledger_party ADD COLUMN sort TEXT NOT NULL DEFAULT 'workshop'
    CHECK (sort IN ('workshop', 'guide', 'reseller', 'designer', 'coop_fund', 'village_fund', 'guests',
        'gift_cards'));
UPDATE ledger_party SET sort = kind;
ALTER TABLE ledger_party DROP COLUMN kind;
ALTER TABLE ledger_party RENAME COLUMN sort TO kind;
