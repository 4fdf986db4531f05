-- Festivals and other days of a village that change seats, prices or opening of its workshops.
CREATE TABLE event (
    id UUID PRIMARY KEY,
    slug TEXT NOT NULL CONSTRAINT event_slug_key UNIQUE,
    village_id UUID NOT NULL REFERENCES village (id),
    -- Whose event it is: a co-op's of the village, or the office's where there is none.
    coop_id UUID REFERENCES coop (id),
    name TEXT NOT NULL,
    summary TEXT NOT NULL,
    -- Paragraphs are separated by blank lines.
    story TEXT NOT NULL,
    place TEXT NOT NULL,
    -- Which days: dates, a yearly lunar range, or days of each lunar month; as of closures.
    dates_from DATE,
    dates_to DATE,
    lunar_from TEXT,
    lunar_to TEXT,
    lunar_days TEXT NOT NULL,
    opening TEXT NOT NULL CHECK (opening IN ('usual', 'daily', 'closed')),
    -- Of what the opening rules say.
    capacity_percent INTEGER NOT NULL CHECK (capacity_percent BETWEEN 10 AND 300),
    price_percent INTEGER NOT NULL CHECK (price_percent BETWEEN 50 AND 200),
    published BOOLEAN NOT NULL,
    -- Grows with every change; letters name it.
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX event_village ON event (village_id);

-- Workshops that an event leaves as they are, because they said so.
CREATE TABLE event_opt_out (
    event_id UUID NOT NULL REFERENCES event (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    since TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (event_id, workshop_id)
);

-- What a departure costs, in per cent of the usual price.
ALTER TABLE slot ADD COLUMN price_percent INTEGER NOT NULL DEFAULT 100 CHECK (price_percent BETWEEN 50 AND 200);
