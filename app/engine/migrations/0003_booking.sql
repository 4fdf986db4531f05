CREATE TABLE booking (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT booking_code_key UNIQUE,
    -- The same form sent twice gives the same booking.
    form_key TEXT NOT NULL CONSTRAINT booking_form_key UNIQUE,
    secret TEXT NOT NULL,
    slot_id UUID NOT NULL REFERENCES slot (id),
    option_id UUID NOT NULL REFERENCES tour_option (id),
    tour_id UUID NOT NULL REFERENCES tour (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    state TEXT NOT NULL CHECK (state IN
        ('held', 'awaiting_payment', 'confirmed', 'checked_in', 'no_show', 'cancelled', 'expired')),
    until TIMESTAMPTZ,
    confirmed_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    ended_by TEXT CHECK (ended_by IN ('guest', 'host', 'system')),
    end_reason TEXT NOT NULL,
    refund_percent INTEGER NOT NULL CHECK (refund_percent BETWEEN 0 AND 100),
    source TEXT NOT NULL CHECK (source IN ('web', 'phone', 'enquiry', 'waitlist', 'overflow')),
    locale TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    notes TEXT NOT NULL,
    host_notes TEXT NOT NULL,
    units TEXT NOT NULL,
    people INTEGER NOT NULL CHECK (people >= 0),
    seats INTEGER NOT NULL CHECK (seats >= 0),
    over_capacity INTEGER NOT NULL CHECK (over_capacity >= 0),
    arrived INTEGER NOT NULL CHECK (arrived >= 0),
    total BIGINT NOT NULL CHECK (total >= 0),
    -- As it was promised: the tour's may change later.
    policy TEXT NOT NULL CHECK (policy IN ('flexible', 'moderate', 'strict')),
    answers TEXT NOT NULL,
    waiver_at TIMESTAMPTZ,
    -- When the first of the party came, and when attendance was last marked: a mark made offline
    -- that arrives after a newer one changes nothing.
    checked_in_at TIMESTAMPTZ,
    attendance_at TIMESTAMPTZ,
    -- Grows with each change that the guest's calendar must hear of (RFC 5545 SEQUENCE).
    sequence INTEGER NOT NULL,
    -- Grows with every change; writers compare it.
    version INTEGER NOT NULL,
    reminded_at TIMESTAMPTZ,
    thanked_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX booking_slot ON booking (slot_id);
CREATE INDEX booking_workshop ON booking (workshop_id, created_at);
CREATE INDEX booking_email ON booking (email);
CREATE INDEX booking_until ON booking (state, until);

-- People of the party whose answers are known; companions fill in theirs by link.
CREATE TABLE guest (
    id UUID PRIMARY KEY,
    booking_id UUID NOT NULL REFERENCES booking (id),
    position INTEGER NOT NULL CHECK (position > 0),
    -- Made with the form: the same form is the same guest, and who knows it may change the answers.
    form_key TEXT NOT NULL CONSTRAINT guest_form_key UNIQUE,
    name TEXT NOT NULL,
    answers TEXT NOT NULL,
    waiver_at TIMESTAMPTZ,
    by_companion BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT guest_position_key UNIQUE (booking_id, position)
);

CREATE TABLE waitlist (
    id UUID PRIMARY KEY,
    slot_id UUID NOT NULL REFERENCES slot (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    form_key TEXT NOT NULL CONSTRAINT waitlist_form_key UNIQUE,
    secret TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'offered', 'claimed', 'declined', 'lapsed')),
    locale TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    units TEXT NOT NULL,
    seats INTEGER NOT NULL CHECK (seats > 0),
    booking_id UUID REFERENCES booking (id),
    offer_until TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX waitlist_slot ON waitlist (slot_id, state);
CREATE INDEX waitlist_booking ON waitlist (booking_id);

-- A group asks the workshop, which answers with an offer: a held booking.
CREATE TABLE enquiry (
    id UUID PRIMARY KEY,
    tour_id UUID NOT NULL REFERENCES tour (id),
    option_id UUID REFERENCES tour_option (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    form_key TEXT NOT NULL CONSTRAINT enquiry_form_key UNIQUE,
    secret TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('new', 'offered', 'accepted', 'declined', 'withdrawn', 'lapsed')),
    locale TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    organisation TEXT NOT NULL,
    people INTEGER NOT NULL CHECK (people > 0),
    wished_date DATE NOT NULL,
    message TEXT NOT NULL,
    -- The host's words, with the last offer or the refusal.
    reply TEXT NOT NULL,
    -- The last offer; seats, price and deadline are the booking's.
    booking_id UUID REFERENCES booking (id),
    offer_until TIMESTAMPTZ,
    -- Grows with every change; writers compare it.
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX enquiry_workshop ON enquiry (workshop_id, created_at);
CREATE INDEX enquiry_booking ON enquiry (booking_id);
