-- How the money of a visit is shared, and the ledger of what everybody is owed and was paid.
-- ledger_party, ledger_entry and ledger_line are only appended to: a mistake is put right by a
-- further entry that names the one it corrects.

-- A rule holds from its day until the next one of the same tour or co-op; none is changed or deleted.
CREATE TABLE split_rule (
    id UUID PRIMARY KEY,
    tour_id UUID REFERENCES tour (id),
    coop_id UUID REFERENCES coop (id),
    valid_from DATE NOT NULL,
    -- Shares in order, as JSON; NULL ends the rules before: from that day the tour has none of its own.
    shares TEXT,
    actor TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT split_rule_of_one CHECK ((tour_id IS NULL) <> (coop_id IS NULL))
);
CREATE INDEX split_rule_tour ON split_rule (tour_id, valid_from);
CREATE INDEX split_rule_coop ON split_rule (coop_id, valid_from);

-- Who has a share: made when they get their first one.
CREATE TABLE ledger_party (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('workshop', 'guide', 'reseller', 'coop_fund', 'village_fund')),
    -- What makes it one and the same: "guide:<workshop>:<name, folded>".
    party_key TEXT NOT NULL CONSTRAINT ledger_party_key UNIQUE,
    -- Of a workshop, its guides and resellers.
    workshop_id UUID REFERENCES workshop (id),
    coop_id UUID REFERENCES coop (id),
    village_id UUID REFERENCES village (id),
    -- Of a guide or reseller; the others are named by what they point to.
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE ledger_entry (
    id UUID PRIMARY KEY,
    -- One entry for one event: the second insert of the same key does nothing.
    event_key TEXT NOT NULL CONSTRAINT ledger_entry_event_key UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('visit', 'correction', 'adjustment', 'payout', 'reversal')),
    -- The workshop that took the guests' money; its entries balance among themselves.
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- The day on which it counts, at the venue.
    on_date DATE NOT NULL,
    booking_id UUID REFERENCES booking (id),
    tour_id UUID REFERENCES tour (id),
    code TEXT NOT NULL,
    people INTEGER NOT NULL,
    rule_id UUID REFERENCES split_rule (id),
    -- The entry that this one puts right.
    corrects UUID REFERENCES ledger_entry (id),
    reason TEXT NOT NULL,
    method TEXT CHECK (method IN ('cash', 'transfer', 'other')),
    actor TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ledger_entry_workshop ON ledger_entry (workshop_id, on_date);
CREATE INDEX ledger_entry_booking ON ledger_entry (booking_id);

-- The lines of an entry add up to nothing. An amount above 0 is owed to the party, one below 0
-- is money that it holds or has been paid.
CREATE TABLE ledger_line (
    entry_id UUID NOT NULL REFERENCES ledger_entry (id),
    position INTEGER NOT NULL,
    party_id UUID NOT NULL REFERENCES ledger_party (id),
    side TEXT NOT NULL CHECK (side IN ('takings', 'share', 'adjusted', 'paid')),
    amount BIGINT NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (entry_id, position)
);
CREATE INDEX ledger_line_party ON ledger_line (party_id);

-- Not of the ledger but a bookmark of the worker that writes it: visits that it has entered, and
-- what it knew of them then.
CREATE TABLE visit_entered (
    booking_id UUID PRIMARY KEY REFERENCES booking (id),
    booking_version INTEGER NOT NULL,
    guide TEXT NOT NULL
);
