-- When an option is open: by weekdays or by days of each lunar month, within an optional season.
CREATE TABLE schedule_rule (
    id UUID PRIMARY KEY,
    option_id UUID NOT NULL REFERENCES tour_option (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    weekdays TEXT NOT NULL,
    lunar_days TEXT NOT NULL,
    times TEXT NOT NULL,
    season_from TEXT,
    season_to TEXT,
    valid_from DATE,
    valid_to DATE,
    capacity INTEGER NOT NULL CHECK (capacity > 0),
    guide TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX schedule_rule_option ON schedule_rule (option_id);
CREATE INDEX schedule_rule_workshop ON schedule_rule (workshop_id);

-- When a workshop (or one of its tours) is closed: dates, a yearly lunar range, or days of each lunar month;
-- the whole day, or for starts from one time of day to before another.
CREATE TABLE closure (
    id UUID PRIMARY KEY,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    tour_id UUID REFERENCES tour (id),
    reason TEXT NOT NULL,
    dates_from DATE,
    dates_to DATE,
    lunar_from TEXT,
    lunar_to TEXT,
    lunar_days TEXT NOT NULL,
    time_from TEXT,
    time_to TEXT,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX closure_workshop ON closure (workshop_id);

-- One departure. `taken` counts the seats of every booking that holds some; `overbooked` are seats
-- that the host knowingly added beyond the capacity.
CREATE TABLE slot (
    id UUID PRIMARY KEY,
    option_id UUID NOT NULL REFERENCES tour_option (id),
    tour_id UUID NOT NULL REFERENCES tour (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    closes_at TIMESTAMPTZ NOT NULL,
    local_date DATE NOT NULL,
    capacity INTEGER NOT NULL CHECK (capacity >= 0),
    taken INTEGER NOT NULL CHECK (taken >= 0),
    overbooked INTEGER NOT NULL CHECK (overbooked >= 0),
    status TEXT NOT NULL CHECK (status IN ('open', 'closed', 'cancelled')),
    origin TEXT NOT NULL CHECK (origin IN ('rule', 'host', 'offer')),
    guide TEXT NOT NULL,
    note TEXT NOT NULL,
    run_state TEXT NOT NULL CHECK (run_state IN ('undecided', 'asked', 'guests_asked', 'runs')),
    CONSTRAINT slot_start_key UNIQUE (option_id, starts_at),
    CONSTRAINT slot_never_oversold CHECK (taken <= capacity + overbooked)
);
CREATE INDEX slot_tour_date ON slot (tour_id, local_date);
CREATE INDEX slot_workshop_date ON slot (workshop_id, local_date);
CREATE INDEX slot_date ON slot (local_date);
CREATE INDEX slot_ends ON slot (ends_at);
