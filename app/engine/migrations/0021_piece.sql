-- What visitors make, from the wheel to the post.

-- How the pieces of an option are finished; an option without a row makes none.
CREATE TABLE making (
    option_id UUID PRIMARY KEY REFERENCES tour_option (id),
    -- Taken home at once: there are no steps.
    at_once BOOLEAN NOT NULL,
    -- JSON: kinds of steps with their days, in order.
    steps TEXT NOT NULL,
    -- Room in a kiln and weight of a usual piece.
    litres INTEGER NOT NULL CHECK (litres BETWEEN 1 AND 500),
    grams INTEGER NOT NULL CHECK (grams BETWEEN 1 AND 30000),
    updated_at TIMESTAMPTZ NOT NULL
);

-- What a workshop promises and gives; and the next number to write on the clay.
CREATE TABLE piece_terms (
    workshop_id UUID PRIMARY KEY REFERENCES workshop (id),
    prefix TEXT NOT NULL,
    next_number INTEGER NOT NULL CHECK (next_number > 0),
    margin_days INTEGER NOT NULL CHECK (margin_days BETWEEN 0 AND 60),
    -- Offered for a cracked piece; none is offered for 0.
    voucher BIGINT NOT NULL CHECK (voucher >= 0),
    updated_at TIMESTAMPTZ NOT NULL
);

-- All that one booking's party made, under one link.
CREATE TABLE piece_party (
    id UUID PRIMARY KEY,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    booking_id UUID NOT NULL CONSTRAINT piece_party_booking UNIQUE REFERENCES booking (id),
    secret TEXT NOT NULL CONSTRAINT piece_party_secret UNIQUE,
    created_at TIMESTAMPTZ NOT NULL
);

-- A load of a kiln. What it takes of the kiln is a row of resource_use.
CREATE TABLE firing (
    id UUID PRIMARY KEY,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    resource_id UUID NOT NULL REFERENCES resource (id),
    kind TEXT NOT NULL,
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'fired', 'cancelled')),
    note TEXT NOT NULL,
    fired_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT firing_span CHECK (starts_at < ends_at)
);
CREATE INDEX firing_workshop ON firing (workshop_id, starts_at);

ALTER TABLE resource_use ADD COLUMN firing_id UUID REFERENCES firing (id);
CREATE INDEX resource_use_firing ON resource_use (firing_id);

-- How a workshop sends things: rates by zone and weight (JSON), and who may pay (JSON).
CREATE TABLE postage (
    workshop_id UUID PRIMARY KEY REFERENCES workshop (id),
    rates TEXT NOT NULL,
    pays TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

-- Something that is posted to somebody, or waits to be collected. It does not know what is in it.
CREATE TABLE parcel (
    id UUID PRIMARY KEY,
    form_key TEXT NOT NULL CONSTRAINT parcel_form_key UNIQUE,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    way TEXT NOT NULL CHECK (way IN ('collect', 'post')),
    -- What is in it, in few words.
    what TEXT NOT NULL,
    recipient TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- JSON; empty where nothing is posted, or once it was cleared.
    address TEXT NOT NULL,
    zone TEXT CHECK (zone IN ('hanoi', 'vietnam', 'asia', 'world')),
    grams INTEGER NOT NULL CHECK (grams >= 0),
    cost BIGINT NOT NULL CHECK (cost >= 0),
    pays TEXT NOT NULL CHECK (pays IN ('free', 'cash', 'receiver', 'transfer')),
    account_id UUID REFERENCES bank_account (id),
    pay_code TEXT CONSTRAINT parcel_pay_code UNIQUE,
    paid BIGINT NOT NULL CHECK (paid >= 0),
    paid_at TIMESTAMPTZ,
    state TEXT NOT NULL CHECK (state IN ('open', 'packed', 'posted', 'arrived', 'cancelled')),
    carrier TEXT,
    tracking TEXT NOT NULL,
    packed_at TIMESTAMPTZ,
    posted_at TIMESTAMPTZ,
    arrived_at TIMESTAMPTZ,
    -- Name, phone and address were forgotten.
    cleared_at TIMESTAMPTZ,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT parcel_paid_into CHECK (pay_code IS NULL OR account_id IS NOT NULL)
);
CREATE INDEX parcel_workshop ON parcel (workshop_id, created_at);
CREATE INDEX parcel_clear ON parcel (state, arrived_at);

-- A transfer is for a booking, for a card or for a parcel.
ALTER TABLE transfer ADD COLUMN parcel_id UUID REFERENCES parcel (id);
CREATE INDEX transfer_parcel ON transfer (parcel_id);

CREATE TABLE piece_photo (
    id UUID PRIMARY KEY,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE piece_photo_file (
    photo_id UUID NOT NULL REFERENCES piece_photo (id),
    width INTEGER NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (photo_id, width)
);

CREATE TABLE piece (
    id UUID PRIMARY KEY,
    form_key TEXT NOT NULL CONSTRAINT piece_form_key UNIQUE,
    party_id UUID NOT NULL REFERENCES piece_party (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    slot_id UUID NOT NULL REFERENCES slot (id),
    option_id UUID NOT NULL REFERENCES tour_option (id),
    -- Grows within the workshop; with its prefix it is written on the clay.
    number INTEGER NOT NULL CHECK (number > 0),
    label TEXT NOT NULL,
    -- In the address behind the label's QR code.
    code TEXT NOT NULL CONSTRAINT piece_code UNIQUE,
    name TEXT NOT NULL,
    litres INTEGER NOT NULL CHECK (litres > 0),
    grams INTEGER NOT NULL CHECK (grams > 0),
    -- JSON: the steps as they were when it was made.
    steps TEXT NOT NULL,
    done INTEGER NOT NULL CHECK (done >= 0),
    state TEXT NOT NULL CHECK (state IN ('making', 'ready', 'cracked', 'lost', 'posted', 'handed')),
    -- When the step that is under way began.
    since TIMESTAMPTZ NOT NULL,
    promised_on DATE,
    -- The day on which the promise was last compared with what is likely.
    looked_on DATE NOT NULL,
    replaces UUID REFERENCES piece (id),
    -- The planned load that it is in.
    firing_id UUID REFERENCES firing (id),
    parcel_id UUID REFERENCES parcel (id),
    -- The latest.
    photo_id UUID REFERENCES piece_photo (id),
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT piece_number UNIQUE (workshop_id, number)
);
CREATE INDEX piece_of_party ON piece (party_id);
CREATE INDEX piece_in_house ON piece (workshop_id, state);
CREATE INDEX piece_of_firing ON piece (firing_id);
CREATE INDEX piece_of_parcel ON piece (parcel_id);

-- Everything that happened to a piece. Only appended to.
CREATE TABLE piece_step (
    id UUID PRIMARY KEY,
    piece_id UUID NOT NULL REFERENCES piece (id),
    at TIMESTAMPTZ NOT NULL,
    -- The piece's own count: several may share an instant.
    version INTEGER NOT NULL,
    mark TEXT NOT NULL,
    -- The step of the making that it was about.
    kind TEXT,
    who TEXT NOT NULL,
    photo_id UUID REFERENCES piece_photo (id),
    firing_id UUID REFERENCES firing (id),
    note TEXT NOT NULL
);
CREATE INDEX piece_step_piece ON piece_step (piece_id, at);
CREATE INDEX piece_step_firing ON piece_step (firing_id);

-- A piece that did not come through, and what its guest chose.
CREATE TABLE piece_loss (
    piece_id UUID PRIMARY KEY REFERENCES piece (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    asked_at TIMESTAMPTZ NOT NULL,
    choice TEXT CHECK (choice IN ('new', 'voucher', 'nothing')),
    chosen_at TIMESTAMPTZ,
    chosen_by TEXT NOT NULL,
    card_id UUID REFERENCES gift_card (id),
    replacement_id UUID REFERENCES piece (id),
    reminded_at TIMESTAMPTZ
);
CREATE INDEX piece_loss_open ON piece_loss (choice, reminded_at, asked_at);
