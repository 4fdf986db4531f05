-- Guides: people who lead visits. Each is a resource of kind 'guide', of which there is one: its
-- hours are the working times, its upkeep the days off.

CREATE TABLE guide (
    resource_id UUID PRIMARY KEY REFERENCES resource (id),
    -- Language codes, as JSON.
    languages TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- Where letters go; empty for none.
    email TEXT NOT NULL,
    -- Of letters and of the guide's own page.
    locale TEXT NOT NULL,
    -- From one workshop to another.
    travel_minutes INTEGER NOT NULL CHECK (travel_minutes >= 0),
    may_check_in BOOLEAN NOT NULL,
    -- Of the guide's page and calendar: whoever has the link sees them.
    token TEXT NOT NULL,
    CONSTRAINT guide_token UNIQUE (token)
);

-- Who leads a departure. The time that it takes of the guide are uses of the resource that have
-- the slot and no need: one of a visit, one for each session of a run.
CREATE TABLE guide_lead (
    slot_id UUID PRIMARY KEY REFERENCES slot (id),
    resource_id UUID NOT NULL REFERENCES guide (resource_id),
    -- Whether an opening rule named the guide or somebody chose.
    origin TEXT NOT NULL CHECK (origin IN ('rule', 'host')),
    since TIMESTAMPTZ NOT NULL
);
CREATE INDEX guide_lead_guide ON guide_lead (resource_id);

-- Days off that a guide asks for.
CREATE TABLE guide_leave (
    id UUID PRIMARY KEY,
    resource_id UUID NOT NULL REFERENCES guide (resource_id),
    from_date DATE NOT NULL,
    to_date DATE NOT NULL,
    note TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'granted', 'refused')),
    asked_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT guide_leave_days CHECK (from_date <= to_date)
);
CREATE INDEX guide_leave_guide ON guide_leave (resource_id);
