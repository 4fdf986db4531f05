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

-- Entries of the ledger, consents and looks at people's data have words of commissions too. These
-- columns hold the words of lists that grow with each feature; the program reads no other word than
-- its list has, so no CHECK repeats it and has to be made anew each time.
ALTER TABLE ledger_entry ADD COLUMN tells_of TEXT NOT NULL DEFAULT 'visit';
UPDATE ledger_entry SET tells_of = kind;
ALTER TABLE ledger_entry DROP COLUMN kind;
ALTER TABLE ledger_entry RENAME COLUMN tells_of TO kind;

CREATE TABLE consent_anew (
    id UUID PRIMARY KEY,
    subject TEXT NOT NULL,
    subject_id UUID NOT NULL,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    kind TEXT NOT NULL CHECK (kind IN ('terms', 'privacy', 'waiver')),
    version TEXT NOT NULL,
    locale TEXT NOT NULL,
    agreed_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT consent_by_version UNIQUE (subject, subject_id, kind, version)
);
INSERT INTO consent_anew (id, subject, subject_id, workshop_id, kind, version, locale, agreed_at)
    SELECT id, subject, subject_id, workshop_id, kind, version, locale, agreed_at FROM consent;
DROP TABLE consent;
ALTER TABLE consent_anew RENAME TO consent;

CREATE TABLE personal_view_anew (
    id UUID PRIMARY KEY,
    on_date DATE NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'staff', 'office', 'guide')),
    what TEXT NOT NULL,
    -- A booking's code, a date, a departure's id …
    subject TEXT NOT NULL,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    first_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT personal_view_by_day UNIQUE (workshop_id, on_date, actor, what, subject)
);
INSERT INTO personal_view_anew (id, on_date, actor, role, what, subject, workshop_id, first_at)
    SELECT id, on_date, actor, role, what, subject, workshop_id, first_at FROM personal_view;
DROP TABLE personal_view;
ALTER TABLE personal_view_anew RENAME TO personal_view;
CREATE INDEX personal_view_subject ON personal_view (what, subject);
CREATE INDEX personal_view_date ON personal_view (on_date);
