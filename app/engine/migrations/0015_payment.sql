-- Money by bank transfer: accounts of workshops and co-ops, what is asked before a visit, what came
-- in, and what goes back. The platform itself holds nothing.

CREATE TABLE bank_account (
    id UUID PRIMARY KEY,
    -- Whose it is: one of the two.
    workshop_id UUID REFERENCES workshop (id),
    coop_id UUID REFERENCES coop (id),
    -- NAPAS BIN of the bank.
    bank TEXT NOT NULL,
    number TEXT NOT NULL,
    holder TEXT NOT NULL,
    -- In the address that the monitoring service posts to; unguessable, but no proof by itself.
    token TEXT NOT NULL CONSTRAINT bank_account_token_key UNIQUE,
    provider TEXT NOT NULL CHECK (provider IN
        ('none', 'sepay_key', 'sepay_hmac', 'casso', 'casso_v2')),
    secret TEXT NOT NULL,
    -- Number, bank and holder of an account are never changed: it is retired and another one made.
    retired_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT bank_account_of_one CHECK ((workshop_id IS NULL) <> (coop_id IS NULL))
);
CREATE INDEX bank_account_workshop ON bank_account (workshop_id);
CREATE INDEX bank_account_coop ON bank_account (coop_id);

-- Where guests of a workshop pay: an account of its own, or its co-op's.
CREATE TABLE workshop_account (
    workshop_id UUID PRIMARY KEY REFERENCES workshop (id),
    account_id UUID NOT NULL REFERENCES bank_account (id)
);

-- Per cent of the price that is paid beforehand: 0 is all on the spot, 100 all beforehand.
ALTER TABLE tour ADD COLUMN prepay_percent INTEGER NOT NULL DEFAULT 0
    CHECK (prepay_percent BETWEEN 0 AND 100);
ALTER TABLE tour ADD COLUMN pay_minutes INTEGER NOT NULL DEFAULT 240
    CHECK (pay_minutes BETWEEN 15 AND 10080);

-- What a booking's guest was asked to pay beforehand.
CREATE TABLE payment (
    booking_id UUID PRIMARY KEY REFERENCES booking (id),
    account_id UUID NOT NULL REFERENCES bank_account (id),
    -- What the guest writes in the transfer.
    code TEXT NOT NULL CONSTRAINT payment_code_key UNIQUE,
    -- As it was promised: the tour's terms may change later.
    percent INTEGER NOT NULL CHECK (percent BETWEEN 1 AND 100),
    amount BIGINT NOT NULL CHECK (amount > 0),
    due_at TIMESTAMPTZ NOT NULL,
    -- When the guest is reminded; NULL once that is done, or where time is too short.
    remind_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX payment_remind ON payment (remind_at);

-- Money that came into an account, as the bank or a service told of it.
CREATE TABLE transfer (
    id UUID PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES bank_account (id),
    provider TEXT NOT NULL CHECK (provider IN ('sepay', 'casso', 'statement')),
    provider_id TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    message TEXT NOT NULL,
    -- The bank's own number of the transfer; may be empty.
    reference TEXT NOT NULL,
    payer TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    -- What another teller calls the same transfer; empty until one does.
    also_id TEXT NOT NULL,
    -- As it was received, for whoever looks into a dispute.
    raw TEXT NOT NULL,
    -- open waits for a person; of the others nothing is left to do.
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'returned', 'ignored')),
    finding TEXT NOT NULL CHECK (finding IN ('paid', 'over', 'part', 'rest', 'retaken', 'late',
        'twice', 'cancelled', 'unknown', 'other_account')),
    booking_id UUID REFERENCES booking (id),
    -- What a person decided: who, when, why; of money sent back its day.
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ,
    note TEXT NOT NULL,
    returned_on DATE,
    created_at TIMESTAMPTZ NOT NULL,
    -- Told twice it is one transfer.
    CONSTRAINT transfer_once UNIQUE (account_id, provider, provider_id)
);
CREATE INDEX transfer_state ON transfer (account_id, state, created_at);
CREATE INDEX transfer_booking ON transfer (booking_id);

-- Money of a booking: received from its guest, or paid back. Only appended to.
CREATE TABLE payment_move (
    id UUID PRIMARY KEY,
    -- The same form sent twice, or the same transfer, is one move.
    event_key TEXT NOT NULL CONSTRAINT payment_move_event_key UNIQUE,
    booking_id UUID NOT NULL REFERENCES booking (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- NULL: in cash, or on an account that is not kept here.
    account_id UUID REFERENCES bank_account (id),
    transfer_id UUID REFERENCES transfer (id),
    kind TEXT NOT NULL CHECK (kind IN ('received', 'refunded')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    method TEXT NOT NULL CHECK (method IN ('cash', 'transfer', 'other')),
    -- Came when the booking had ended: all of it goes back.
    late BOOLEAN NOT NULL,
    on_date DATE NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX payment_move_booking ON payment_move (booking_id);
CREATE INDEX payment_move_workshop ON payment_move (workshop_id, on_date);

-- Where a guest wants money back to.
CREATE TABLE refund_account (
    booking_id UUID PRIMARY KEY REFERENCES booking (id),
    bank TEXT NOT NULL,
    number TEXT NOT NULL,
    holder TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- What an invoice needs to know of a guest who wants one.
CREATE TABLE invoice_wish (
    booking_id UUID PRIMARY KEY REFERENCES booking (id),
    company TEXT NOT NULL,
    tax_code TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- The ledger knows money paid beforehand and paid back: further kinds of parties, entries and sides.
-- Neither database changes a CHECK in the same way, so the tables are made anew, rows as they are.
CREATE TABLE ledger_party_anew (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN
        ('workshop', 'guide', 'reseller', 'coop_fund', 'village_fund', 'guests')),
    -- What makes it one and the same: "guide:<workshop>:<name, folded>".
    party_key TEXT NOT NULL CONSTRAINT ledger_party_one UNIQUE,
    -- Of a workshop, its guides, resellers and guests.
    workshop_id UUID REFERENCES workshop (id),
    coop_id UUID REFERENCES coop (id),
    village_id UUID REFERENCES village (id),
    -- Of a guide or reseller; the others are named by what they point to.
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO ledger_party_anew (id, kind, party_key, workshop_id, coop_id, village_id, name, created_at)
    SELECT id, kind, party_key, workshop_id, coop_id, village_id, name, created_at FROM ledger_party;

CREATE TABLE ledger_entry_anew (
    id UUID PRIMARY KEY,
    -- One entry for one event: the second insert of the same key does nothing.
    event_key TEXT NOT NULL CONSTRAINT ledger_entry_one UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('visit', 'kept', 'correction', 'adjustment', 'payout',
        'reversal', 'prepayment', 'refund')),
    -- The workshop whose guests' money it is; its entries balance among themselves.
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- The day on which it counts, at the venue.
    on_date DATE NOT NULL,
    booking_id UUID REFERENCES booking (id),
    tour_id UUID REFERENCES tour (id),
    code TEXT NOT NULL,
    people INTEGER NOT NULL,
    rule_id UUID REFERENCES split_rule (id),
    -- The entry that this one puts right.
    corrects UUID REFERENCES ledger_entry_anew (id),
    reason TEXT NOT NULL,
    method TEXT CHECK (method IN ('cash', 'transfer', 'other')),
    actor TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO ledger_entry_anew (id, event_key, kind, workshop_id, on_date, booking_id, tour_id, code,
        people, rule_id, corrects, reason, method, actor, created_at)
    SELECT id, event_key, kind, workshop_id, on_date, booking_id, tour_id, code, people, rule_id,
        corrects, reason, method, actor, created_at FROM ledger_entry;

-- The lines of an entry add up to nothing. An amount above 0 is owed to the party, one below 0
-- is money that it holds or has been paid.
CREATE TABLE ledger_line_anew (
    entry_id UUID NOT NULL REFERENCES ledger_entry_anew (id),
    position INTEGER NOT NULL,
    party_id UUID NOT NULL REFERENCES ledger_party_anew (id),
    side TEXT NOT NULL CHECK (side IN ('takings', 'prepaid', 'share', 'adjusted', 'paid')),
    amount BIGINT NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (entry_id, position)
);
INSERT INTO ledger_line_anew (entry_id, position, party_id, side, amount)
    SELECT entry_id, position, party_id, side, amount FROM ledger_line;

DROP TABLE ledger_line;
DROP TABLE ledger_entry;
DROP TABLE ledger_party;
ALTER TABLE ledger_party_anew RENAME TO ledger_party;
ALTER TABLE ledger_entry_anew RENAME TO ledger_entry;
ALTER TABLE ledger_line_anew RENAME TO ledger_line;
CREATE INDEX ledger_entry_workshop ON ledger_entry (workshop_id, on_date);
CREATE INDEX ledger_entry_booking ON ledger_entry (booking_id);
CREATE INDEX ledger_line_party ON ledger_line (party_id);
