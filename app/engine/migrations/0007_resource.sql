-- Kilns, wheels, looms, rooms, guides, vehicles: what visits and the workshops' own work share.

-- The workshops whose visits may want the same resources: a co-op's members, or one workshop
-- alone (the id is that of the co-op or the workshop). Who takes resources locks this row first,
-- so that what is free can be computed, not only counted.
CREATE TABLE resource_pool (
    id UUID PRIMARY KEY,
    version BIGINT NOT NULL
);

CREATE TABLE resource (
    id UUID PRIMARY KEY,
    pool_id UUID NOT NULL REFERENCES resource_pool (id),
    -- One of the two owns it.
    workshop_id UUID REFERENCES workshop (id),
    coop_id UUID REFERENCES coop (id),
    kind TEXT NOT NULL CHECK (kind IN ('kiln', 'wheel', 'loom', 'room', 'guide', 'vehicle', 'tool')),
    name TEXT NOT NULL,
    -- Pieces, places, seats; litres of a kiln.
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    setup_minutes INTEGER NOT NULL CHECK (setup_minutes >= 0),
    cleanup_minutes INTEGER NOT NULL CHECK (cleanup_minutes >= 0),
    -- Weekly hours as JSON; none means always. Each span of a kiln is one firing.
    hours TEXT NOT NULL,
    -- Fair use for members' own work: hours a week for each, and how many days ahead.
    own_hours_week INTEGER CHECK (own_hours_week >= 0),
    own_days_ahead INTEGER CHECK (own_days_ahead >= 0),
    note TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT resource_owner CHECK ((workshop_id IS NULL) <> (coop_id IS NULL))
);
CREATE INDEX resource_of_pool ON resource (pool_id);

-- What a departure of an option needs, for each person or once for all of them; during the visit
-- (minutes from its start) or in a firing so many days after it.
CREATE TABLE option_need (
    id UUID PRIMARY KEY,
    option_id UUID NOT NULL REFERENCES tour_option (id),
    position INTEGER NOT NULL,
    basis TEXT NOT NULL CHECK (basis IN ('person', 'departure')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    timing TEXT NOT NULL CHECK (timing IN ('during', 'after')),
    from_minute INTEGER NOT NULL CHECK (from_minute >= 0),
    to_minute INTEGER NOT NULL CHECK (to_minute >= from_minute),
    from_day INTEGER NOT NULL CHECK (from_day >= 0),
    to_day INTEGER NOT NULL CHECK (to_day >= from_day)
);
CREATE INDEX option_need_option ON option_need (option_id);

-- The resources that can meet a need, the preferred one first.
CREATE TABLE option_need_choice (
    need_id UUID NOT NULL REFERENCES option_need (id),
    resource_id UUID NOT NULL REFERENCES resource (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (need_id, resource_id)
);
CREATE INDEX option_need_choice_resource ON option_need_choice (resource_id);

-- Who has how much of a resource, from when to when, setting up and cleaning included.
CREATE TABLE resource_use (
    id UUID PRIMARY KEY,
    resource_id UUID NOT NULL REFERENCES resource (id),
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    purpose TEXT NOT NULL CHECK (purpose IN ('visit', 'own', 'upkeep')),
    slot_id UUID REFERENCES slot (id),
    -- Of the slot; no reference, because needs are edited and uses of the past stay.
    need_id UUID,
    workshop_id UUID REFERENCES workshop (id),
    note TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT resource_use_once UNIQUE (slot_id, need_id),
    CONSTRAINT resource_use_span CHECK (starts_at < ends_at)
);
-- By the end: what is over is many, what is to come is few.
CREATE INDEX resource_use_time ON resource_use (resource_id, ends_at);

-- Needs of booked visits that nothing can meet any more, because something broke.
CREATE TABLE resource_gap (
    slot_id UUID NOT NULL REFERENCES slot (id),
    need_id UUID NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    since TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (slot_id, need_id)
);

-- The pool whose resources the option needs; none when it needs nothing.
ALTER TABLE tour_option ADD COLUMN pool_id UUID REFERENCES resource_pool (id);
CREATE INDEX tour_option_pool ON tour_option (pool_id);

-- How many come, as resources count them: a private party of two in a slot for eight takes eight
-- seats and two wheels.
ALTER TABLE slot ADD COLUMN heads INTEGER NOT NULL DEFAULT 0 CHECK (heads >= 0);
-- How many more the resources have room for; none when the option needs nothing.
ALTER TABLE slot ADD COLUMN room INTEGER CHECK (room >= 0);
