-- Commissions: pieces that a workshop makes to order, from the brief to the door.

-- Which workshops take orders; one without a row takes none.
CREATE TABLE commission_terms (
    workshop_id UUID PRIMARY KEY REFERENCES workshop (id),
    taking BOOLEAN NOT NULL,
    -- JSON, by language: what is made to order, and what is not.
    about TEXT NOT NULL,
    -- What an offer begins with: per cent of the price that is paid first, and per cent of that
    -- which stays with the workshop when the customer ends.
    deposit_percent INTEGER NOT NULL CHECK (deposit_percent BETWEEN 0 AND 100),
    kept_percent INTEGER NOT NULL CHECK (kept_percent BETWEEN 0 AND 100),
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE commission (
    id UUID PRIMARY KEY,
    -- The same form sent twice is one commission.
    form_key TEXT NOT NULL CONSTRAINT commission_form_key UNIQUE,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- What people read to each other, and what the customer writes in a transfer.
    code TEXT NOT NULL CONSTRAINT commission_code UNIQUE,
    -- In the address of the customer's page.
    secret TEXT NOT NULL,
    locale TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- The brief.
    what TEXT NOT NULL,
    size TEXT NOT NULL,
    colours TEXT NOT NULL,
    pieces INTEGER NOT NULL CHECK (pieces > 0),
    wished_on DATE,
    budget BIGINT CHECK (budget > 0),
    details TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'offered', 'accepted', 'making', 'ready', 'posted',
        'delivered', 'lapsed', 'ended')),
    -- When it came into this state.
    since TIMESTAMPTZ NOT NULL,
    -- Of an open offer until when it can be accepted; of an accepted one until when the deposit is due.
    until TIMESTAMPTZ,
    ended_by TEXT CHECK (ended_by IN ('customer', 'workshop')),
    -- Of one that was ended, how much of the customer's money stays with the workshop.
    kept BIGINT CHECK (kept >= 0),
    reason TEXT NOT NULL,
    -- The customer has written, and the workshop has not answered.
    asks BOOLEAN NOT NULL,
    -- Where the money goes, from when the offer was accepted.
    account_id UUID REFERENCES bank_account (id),
    -- When the customer is reminded of the deposit; NULL once that is done.
    remind_at TIMESTAMPTZ,
    parcel_id UUID REFERENCES parcel (id),
    -- Where the customer wants money back to.
    refund_bank TEXT NOT NULL,
    refund_number TEXT NOT NULL,
    refund_holder TEXT NOT NULL,
    -- Grows with each change; whoever changes something locks the row by it.
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT commission_until CHECK ((state IN ('offered', 'accepted')) = (until IS NOT NULL)),
    CONSTRAINT commission_ended CHECK ((state = 'ended') = (ended_by IS NOT NULL)),
    CONSTRAINT commission_kept CHECK ((state = 'ended') = (kept IS NOT NULL))
);
CREATE INDEX commission_workshop ON commission (workshop_id, created_at);
CREATE INDEX commission_due ON commission (state, until);
CREATE INDEX commission_account ON commission (account_id);
CREATE INDEX commission_parcel ON commission (parcel_id);
CREATE INDEX commission_address ON commission (LOWER(email));

-- What the workshop offered. None is ever changed: a further one takes its place.
CREATE TABLE commission_offer (
    id UUID PRIMARY KEY,
    commission_id UUID NOT NULL REFERENCES commission (id),
    number INTEGER NOT NULL CHECK (number > 0),
    -- For all pieces, without the post.
    price BIGINT NOT NULL CHECK (price > 0),
    deposit_percent INTEGER NOT NULL CHECK (deposit_percent BETWEEN 0 AND 100),
    kept_percent INTEGER NOT NULL CHECK (kept_percent BETWEEN 0 AND 100),
    -- When it is to be ready.
    ready_on DATE NOT NULL,
    -- The last day on which it can be accepted.
    valid_until DATE NOT NULL,
    -- What it will weigh, packed.
    grams INTEGER NOT NULL CHECK (grams > 0),
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT commission_offer_number UNIQUE (commission_id, number)
);

-- Everything that was said and done, in order. Only appended to.
CREATE TABLE commission_entry (
    id UUID PRIMARY KEY,
    -- The same form sent twice is one entry.
    form_key TEXT NOT NULL CONSTRAINT commission_entry_form_key UNIQUE,
    commission_id UUID NOT NULL REFERENCES commission (id),
    position INTEGER NOT NULL,
    mark TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('customer', 'workshop', 'system')),
    words TEXT NOT NULL,
    offer_id UUID REFERENCES commission_offer (id),
    amount BIGINT,
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT commission_entry_position UNIQUE (commission_id, position)
);

-- Pictures of the brief, sketches, photographs of milestones: each of an entry.
CREATE TABLE commission_photo (
    id UUID PRIMARY KEY,
    commission_id UUID NOT NULL REFERENCES commission (id),
    entry_id UUID NOT NULL REFERENCES commission_entry (id),
    position INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX commission_photo_commission ON commission_photo (commission_id);
CREATE TABLE commission_photo_file (
    photo_id UUID NOT NULL REFERENCES commission_photo (id),
    width INTEGER NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (photo_id, width)
);

-- The customer's money, in and out. Only appended to.
CREATE TABLE commission_move (
    id UUID PRIMARY KEY,
    event_key TEXT NOT NULL CONSTRAINT commission_move_event_key UNIQUE,
    commission_id UUID NOT NULL REFERENCES commission (id),
    kind TEXT NOT NULL CHECK (kind IN ('received', 'returned')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    method TEXT NOT NULL CHECK (method IN ('cash', 'transfer', 'other')),
    account_id UUID REFERENCES bank_account (id),
    transfer_id UUID REFERENCES transfer (id),
    on_date DATE NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX commission_move_commission ON commission_move (commission_id);

-- A transfer is for a booking, a card, a parcel or a commission.
ALTER TABLE transfer ADD COLUMN commission_id UUID REFERENCES commission (id);
CREATE INDEX transfer_commission ON transfer (commission_id);
