-- What a co-op does when a departure of one of its workshops is full. Without a row: nothing.
CREATE TABLE overflow_rule (
    coop_id UUID PRIMARY KEY REFERENCES coop (id),
    -- Whether guests are shown departures of sister workshops.
    active BOOLEAN NOT NULL,
    -- How much earlier or later these may begin.
    window_minutes INTEGER NOT NULL CHECK (window_minutes BETWEEN 0 AND 480),
    -- By the list below, or by who got the fewest guests lately.
    ordering TEXT NOT NULL CHECK (ordering IN ('list', 'rotation')),
    equal_price BOOLEAN NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE overflow_place (
    coop_id UUID NOT NULL REFERENCES coop (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (coop_id, workshop_id)
);

-- Guests who came, or were asked to come, to one workshop instead of another. Rows are never
-- deleted: who got how many is reckoned from them.
CREATE TABLE overflow (
    id UUID PRIMARY KEY,
    coop_id UUID NOT NULL REFERENCES coop (id),
    -- The guest found the other departure; the host passed the whole party on, or a part of it.
    way TEXT NOT NULL CHECK (way IN ('found', 'passed', 'shared')),
    state TEXT NOT NULL CHECK (state IN ('offered', 'taken', 'declined', 'lapsed', 'withdrawn')),
    from_workshop_id UUID NOT NULL REFERENCES workshop (id),
    from_slot_id UUID NOT NULL REFERENCES slot (id),
    to_workshop_id UUID NOT NULL REFERENCES workshop (id),
    to_slot_id UUID NOT NULL REFERENCES slot (id),
    -- The booking that the host passes on or shares; none where the guest found the way.
    booking_id UUID REFERENCES booking (id),
    -- Keeps the seats at the sister workshop while the guest thinks it over; then the booking that
    -- came there.
    to_booking_id UUID NOT NULL REFERENCES booking (id),
    -- What the link in the letter carries.
    secret TEXT NOT NULL,
    -- The host's words to the guest.
    words TEXT NOT NULL,
    until TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    decided_at TIMESTAMPTZ
);
CREATE INDEX overflow_coop ON overflow (coop_id, created_at);
CREATE INDEX overflow_to_booking ON overflow (to_booking_id);
CREATE INDEX overflow_booking ON overflow (booking_id);
-- A guest is asked one thing at a time.
CREATE UNIQUE INDEX overflow_open ON overflow (booking_id) WHERE state = 'offered';
