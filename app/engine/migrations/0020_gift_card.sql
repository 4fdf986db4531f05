-- Gift cards: money that is paid for a visit nobody has chosen yet, and vouchers that a host gives.

-- What a workshop sells; one without a row sells none.
CREATE TABLE gift_card_terms (
    workshop_id UUID PRIMARY KEY REFERENCES workshop (id),
    selling BOOLEAN NOT NULL,
    -- JSON: the values that are offered, in đồng; a guest may also name another.
    offered TEXT NOT NULL,
    months INTEGER NOT NULL CHECK (months BETWEEN 6 AND 60),
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE gift_card (
    id UUID PRIMARY KEY,
    -- The same form sent twice is one card.
    form_key TEXT NOT NULL CONSTRAINT gift_card_form_key UNIQUE,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- Whoever says it spends the card. As it is, because the card's page and letters show it again.
    code TEXT NOT NULL CONSTRAINT gift_card_code_key UNIQUE,
    -- In the address of the card's page.
    secret TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('bought', 'given')),
    state TEXT NOT NULL CHECK (state IN ('awaiting', 'active', 'expired', 'blocked', 'cancelled')),
    value BIGINT NOT NULL CHECK (value > 0),
    remaining BIGINT NOT NULL,
    -- Its last day.
    valid_until DATE NOT NULL,
    months INTEGER NOT NULL CHECK (months BETWEEN 1 AND 60),
    buyer_name TEXT NOT NULL,
    buyer_email TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    recipient_email TEXT NOT NULL,
    words TEXT NOT NULL,
    -- Of a given one why it was given.
    reason TEXT NOT NULL,
    locale TEXT NOT NULL,
    -- Of a bought one: where to, by which words and by when it is paid.
    account_id UUID REFERENCES bank_account (id),
    pay_code TEXT CONSTRAINT gift_card_pay_code_key UNIQUE,
    due_at TIMESTAMPTZ,
    -- Why it was blocked or cancelled; of one that nobody paid nothing but `lapsed`.
    note TEXT NOT NULL,
    lapsed BOOLEAN NOT NULL,
    activated_at TIMESTAMPTZ,
    -- Grows with each change; whoever moves its money locks the row by it.
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT gift_card_left CHECK (remaining >= 0 AND remaining <= value),
    CONSTRAINT gift_card_paid_into CHECK ((origin = 'bought') = (pay_code IS NOT NULL))
);
CREATE INDEX gift_card_workshop ON gift_card (workshop_id, created_at);
CREATE INDEX gift_card_due ON gift_card (state, valid_until);

-- Money of a card that is no booking's: its buyer's, in and out, and what ran out. Only appended to.
CREATE TABLE gift_card_move (
    id UUID PRIMARY KEY,
    event_key TEXT NOT NULL CONSTRAINT gift_card_move_event_key UNIQUE,
    card_id UUID NOT NULL REFERENCES gift_card (id),
    kind TEXT NOT NULL CHECK (kind IN ('received', 'returned', 'expired')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    account_id UUID REFERENCES bank_account (id),
    transfer_id UUID REFERENCES transfer (id),
    on_date DATE NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX gift_card_move_card ON gift_card_move (card_id);

-- A transfer is for a booking or for a card.
ALTER TABLE transfer ADD COLUMN card_id UUID REFERENCES gift_card (id);
CREATE INDEX transfer_card ON transfer (card_id);

-- A booking may be paid by a card; what goes back goes back to it.
ALTER TABLE payment_move ADD COLUMN card_id UUID REFERENCES gift_card (id);
CREATE INDEX payment_move_card ON payment_move (card_id);
-- A CHECK can't be changed on SQLite, so the columns are made anew.
ALTER TABLE payment_move ADD COLUMN paid_by TEXT NOT NULL DEFAULT 'transfer'
    CHECK (paid_by IN ('cash', 'transfer', 'other', 'gift_card'));
UPDATE payment_move SET paid_by = method;
ALTER TABLE payment_move DROP COLUMN method;
ALTER TABLE payment_move RENAME COLUMN paid_by TO method;

ALTER TABLE ledger_entry ADD COLUMN paid_by TEXT
    CHECK (paid_by IN ('cash', 'transfer', 'other', 'gift_card'));
UPDATE ledger_entry SET paid_by = method;
ALTER TABLE ledger_entry DROP COLUMN method;
ALTER TABLE ledger_entry RENAME COLUMN paid_by TO method;

ALTER TABLE ledger_entry ADD COLUMN tells_of TEXT NOT NULL DEFAULT 'visit'
    CHECK (tells_of IN ('visit', 'kept', 'correction', 'adjustment', 'payout', 'reversal',
        'prepayment', 'refund', 'card_sold', 'card_returned', 'card_expired'));
UPDATE ledger_entry SET tells_of = kind;
ALTER TABLE ledger_entry DROP COLUMN kind;
ALTER TABLE ledger_entry RENAME COLUMN tells_of TO kind;

ALTER TABLE ledger_party ADD COLUMN is_a TEXT NOT NULL DEFAULT 'workshop'
    CHECK (is_a IN ('workshop', 'guide', 'reseller', 'coop_fund', 'village_fund', 'guests',
        'gift_cards'));
UPDATE ledger_party SET is_a = kind;
ALTER TABLE ledger_party DROP COLUMN kind;
ALTER TABLE ledger_party RENAME COLUMN is_a TO kind;
