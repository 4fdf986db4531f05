-- A bad day: somebody is ill, a kiln broke, a storm comes. Which departures it takes, and what
-- becomes of each booking.
CREATE TABLE disruption (
    id UUID PRIMARY KEY,
    -- The same form sent twice tells nobody twice.
    form_key TEXT NOT NULL CONSTRAINT disruption_form_key UNIQUE,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    cause TEXT NOT NULL CHECK (cause IN ('ill', 'broken', 'weather', 'other')),
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    -- One tour alone; none means all that the cause touches.
    tour_id UUID REFERENCES tour (id),
    -- The host's words to the guests.
    words TEXT NOT NULL,
    called_off_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX disruption_workshop ON disruption (workshop_id, created_at);

-- Departures that it closed, to be opened again if the day turns out well.
CREATE TABLE disruption_slot (
    disruption_id UUID NOT NULL REFERENCES disruption (id),
    slot_id UUID NOT NULL REFERENCES slot (id),
    PRIMARY KEY (disruption_id, slot_id)
);

-- One booking that it hit: asked until a deadline, then its money goes back.
CREATE TABLE disruption_case (
    id UUID PRIMARY KEY,
    disruption_id UUID NOT NULL REFERENCES disruption (id),
    booking_id UUID NOT NULL REFERENCES booking (id),
    slot_id UUID NOT NULL REFERENCES slot (id),
    state TEXT NOT NULL CHECK (state IN ('asked', 'moved', 'refunded', 'lapsed', 'kept')),
    until TIMESTAMPTZ NOT NULL,
    decided_at TIMESTAMPTZ
);
CREATE INDEX disruption_case_of ON disruption_case (disruption_id);
CREATE INDEX disruption_case_due ON disruption_case (state, until);
-- A guest is asked about one bad day at a time.
CREATE UNIQUE INDEX disruption_case_open ON disruption_case (booking_id) WHERE state = 'asked';
