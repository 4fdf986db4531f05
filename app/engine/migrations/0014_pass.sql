-- Full-day passes: several workshops on one day, one after the other, with the way between.

CREATE TABLE pass (
    id UUID PRIMARY KEY,
    slug TEXT NOT NULL CONSTRAINT pass_slug_key UNIQUE,
    -- Whose it is; NULL for the office's.
    coop_id UUID REFERENCES coop (id),
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Off each price, for those who book the whole day.
    percent_off INTEGER NOT NULL CHECK (percent_off BETWEEN 0 AND 50),
    published BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX pass_coop ON pass (coop_id);

CREATE TABLE pass_stop (
    id UUID PRIMARY KEY,
    pass_id UUID NOT NULL REFERENCES pass (id),
    -- In the order of the day, from 1.
    position INTEGER NOT NULL CHECK (position > 0),
    option_id UUID NOT NULL REFERENCES tour_option (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- What the workshop says to being a stop at these prices.
    consent TEXT NOT NULL CHECK (consent IN ('asked', 'agreed', 'declined')),
    CONSTRAINT pass_stop_position_key UNIQUE (pass_id, position)
);
CREATE INDEX pass_stop_workshop ON pass_stop (workshop_id);

-- A pass that a guest booked. What becomes of it is read from its legs, which are bookings.
CREATE TABLE pass_booking (
    id UUID PRIMARY KEY,
    -- One letter longer than a booking's, so that nobody takes one for the other.
    code TEXT NOT NULL CONSTRAINT pass_booking_code_key UNIQUE,
    secret TEXT NOT NULL,
    -- The same form sent twice gives the same pass booking.
    form_key TEXT NOT NULL CONSTRAINT pass_booking_form_key UNIQUE,
    pass_id UUID NOT NULL REFERENCES pass (id),
    -- As it was promised: the pass's may change later.
    percent_off INTEGER NOT NULL CHECK (percent_off BETWEEN 0 AND 50),
    locale TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    -- Grows with each thing that is done to the pass as a whole.
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX pass_booking_pass ON pass_booking (pass_id);

-- The pass of which a booking is a leg.
ALTER TABLE booking ADD COLUMN pass_booking_id UUID REFERENCES pass_booking (id);
CREATE INDEX booking_pass ON booking (pass_booking_id);
