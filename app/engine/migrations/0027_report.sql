-- What the city's and the villages' reports need beyond bookings, and who reads them.

-- People of a village's administration: they see its reports and nothing else.
CREATE TABLE village_member (
    person_id UUID NOT NULL REFERENCES person (id),
    village_id UUID NOT NULL REFERENCES village (id),
    since TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person_id, village_id)
);
CREATE INDEX village_member_village ON village_member (village_id);

-- Children and students of the party: what `units` says, for sums. NULL in bookings made before this
-- column, until a worker has counted them.
ALTER TABLE booking ADD COLUMN children INTEGER CHECK (children >= 0);
ALTER TABLE booking ADD COLUMN students INTEGER CHECK (students >= 0);
-- Where the guests come from (ISO 3166-1 alpha-2): what they said, and what their phone number says.
-- Empty where nothing is known.
ALTER TABLE booking ADD COLUMN country TEXT NOT NULL DEFAULT '';
ALTER TABLE booking ADD COLUMN phone_country TEXT NOT NULL DEFAULT '';
CREATE INDEX booking_uncounted ON booking (id) WHERE children IS NULL;

-- Reports add up the ledger by days over all workshops.
CREATE INDEX ledger_entry_date ON ledger_entry (on_date);
CREATE INDEX certificate_issued ON certificate (issued_on);

-- Who works in a workshop, as its owner says once a year. Women and seasonal workers are counted in `workers`.
CREATE TABLE year_figures (
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2200),
    workers INTEGER NOT NULL CHECK (workers >= 0),
    artisans INTEGER NOT NULL CHECK (artisans >= 0),
    apprentices INTEGER NOT NULL CHECK (apprentices >= 0),
    women INTEGER NOT NULL CHECK (women BETWEEN 0 AND workers),
    seasonal INTEGER NOT NULL CHECK (seasonal BETWEEN 0 AND workers),
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workshop_id, year)
);
CREATE INDEX year_figures_year ON year_figures (year);

-- Trade promotion: fairs, exhibitions, meetings of makers and buyers.
CREATE TABLE trade_event (
    id UUID PRIMARY KEY,
    -- The same form sent twice is one event.
    form_key TEXT NOT NULL CONSTRAINT trade_event_form_key UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('fair', 'exhibition', 'connection', 'other')),
    name TEXT NOT NULL,
    place TEXT NOT NULL,
    about TEXT NOT NULL,
    first_date DATE NOT NULL,
    last_date DATE NOT NULL,
    -- The last day on which workshops register.
    register_until DATE NOT NULL,
    published BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT trade_event_days CHECK (first_date <= last_date AND register_until <= last_date)
);
CREATE INDEX trade_event_date ON trade_event (last_date);

CREATE TABLE trade_part (
    event_id UUID NOT NULL REFERENCES trade_event (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    state TEXT NOT NULL CHECK (state IN ('asked', 'confirmed', 'declined', 'withdrawn')),
    -- What came of it; NULL until somebody says. Orders are told in bands alone.
    contracts INTEGER CHECK (contracts >= 0),
    orders TEXT CHECK (orders IN ('none', 'under_50', 'under_200', 'under_1000', 'over_1000')),
    asked_at TIMESTAMPTZ NOT NULL,
    decided_at TIMESTAMPTZ,
    PRIMARY KEY (event_id, workshop_id)
);
CREATE INDEX trade_part_workshop ON trade_part (workshop_id);
