-- Travel companies that sell our tours.

CREATE TABLE reseller (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    -- A company is known by its address: workshops that ask the same address ask the same company.
    email TEXT NOT NULL CONSTRAINT reseller_email_key UNIQUE,
    phone TEXT NOT NULL,
    tax_code TEXT NOT NULL,
    locale TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- Who signs in for it.
CREATE TABLE reseller_person (
    reseller_id UUID NOT NULL REFERENCES reseller (id),
    person_id UUID NOT NULL REFERENCES person (id),
    PRIMARY KEY (reseller_id, person_id)
);
CREATE INDEX reseller_person_person ON reseller_person (person_id);

-- What a workshop and a company agreed on.
CREATE TABLE reseller_contract (
    id UUID PRIMARY KEY,
    reseller_id UUID NOT NULL REFERENCES reseller (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- Off the price of a guest, for all that has no net price of its own.
    percent_off INTEGER NOT NULL CHECK (percent_off BETWEEN 0 AND 90),
    -- Of visits that it may sell; NULL: until it is ended.
    valid_from DATE NOT NULL,
    valid_to DATE,
    -- Most that it may owe; NULL: no limit.
    credit_limit BIGINT CHECK (credit_limit >= 0),
    ended_at TIMESTAMPTZ,
    -- Grows with each change; whoever reckons what is owed locks the row by it.
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX reseller_contract_workshop ON reseller_contract (workshop_id);
CREATE INDEX reseller_contract_reseller ON reseller_contract (reseller_id);
CREATE UNIQUE INDEX reseller_contract_current ON reseller_contract (reseller_id, workshop_id)
    WHERE ended_at IS NULL;

-- The tours that it sells; a contract without a row sells all of the workshop's.
CREATE TABLE contract_tour (
    contract_id UUID NOT NULL REFERENCES reseller_contract (id),
    tour_id UUID NOT NULL REFERENCES tour (id),
    PRIMARY KEY (contract_id, tour_id)
);

-- Net prices that are agreed as such.
CREATE TABLE contract_price (
    contract_id UUID NOT NULL REFERENCES reseller_contract (id),
    unit_id UUID NOT NULL REFERENCES unit (id),
    net BIGINT NOT NULL CHECK (net >= 0),
    PRIMARY KEY (contract_id, unit_id)
);

-- Only hashes are kept: who reads the table cannot book with it.
CREATE TABLE reseller_key (
    id UUID PRIMARY KEY,
    contract_id UUID NOT NULL REFERENCES reseller_contract (id),
    key_hash TEXT NOT NULL CONSTRAINT reseller_key_hash_key UNIQUE,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    label TEXT NOT NULL,
    -- Its last characters, by which people tell keys apart.
    hint TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- To the hour.
    used_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX reseller_key_contract ON reseller_key (contract_id);

-- What a booking has besides when a company made it.
CREATE TABLE resale (
    booking_id UUID PRIMARY KEY REFERENCES booking (id),
    contract_id UUID NOT NULL REFERENCES reseller_contract (id),
    -- Chosen by the company: the same one again is the same booking.
    uuid UUID NOT NULL,
    -- Of what was asked for under it.
    request_hash TEXT NOT NULL,
    reference TEXT NOT NULL,
    -- The lead traveller and each ticket, as the company knows them.
    contact TEXT NOT NULL,
    items TEXT NOT NULL,
    -- Prices to the guest when it was booked, by unit type.
    retail TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT resale_uuid_key UNIQUE (contract_id, uuid)
);
CREATE INDEX resale_reference ON resale (contract_id, reference);

-- Seats that each departure keeps for one company until some days before.
CREATE TABLE allotment (
    id UUID PRIMARY KEY,
    contract_id UUID NOT NULL REFERENCES reseller_contract (id),
    option_id UUID NOT NULL REFERENCES tour_option (id),
    seats INTEGER NOT NULL CHECK (seats > 0),
    release_days INTEGER NOT NULL CHECK (release_days BETWEEN 0 AND 180),
    first_date DATE NOT NULL,
    last_date DATE NOT NULL,
    ended_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX allotment_contract ON allotment (contract_id);

-- `kept` are those that it has not sold; a released departure keeps none.
CREATE TABLE allotment_slot (
    allotment_id UUID NOT NULL REFERENCES allotment (id),
    slot_id UUID NOT NULL REFERENCES slot (id) ON DELETE CASCADE,
    kept INTEGER NOT NULL CHECK (kept >= 0),
    release_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (allotment_id, slot_id)
);
CREATE INDEX allotment_slot_slot ON allotment_slot (slot_id);
CREATE INDEX allotment_slot_due ON allotment_slot (release_at);

-- All seats of a departure that are kept by allotments.
ALTER TABLE slot ADD COLUMN allotted INTEGER NOT NULL DEFAULT 0 CHECK (allotted >= 0);

-- Money that a company paid a workshop; less than nothing takes one back.
CREATE TABLE reseller_payment (
    id UUID PRIMARY KEY,
    contract_id UUID NOT NULL REFERENCES reseller_contract (id),
    -- The same form sent twice is one payment.
    form_key TEXT NOT NULL CONSTRAINT reseller_payment_form_key UNIQUE,
    amount BIGINT NOT NULL CHECK (amount <> 0),
    on_date DATE NOT NULL,
    note TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX reseller_payment_contract ON reseller_payment (contract_id, on_date);

-- The contract under which a booking was sold; and whether it only tries the connection out: then it
-- takes no seats and no host sees it.
ALTER TABLE booking ADD COLUMN contract_id UUID REFERENCES reseller_contract (id);
ALTER TABLE booking ADD COLUMN test BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX booking_contract ON booking (contract_id, created_at);

-- One more source. A CHECK can't be changed on SQLite, so the column is made anew.
ALTER TABLE booking ADD COLUMN came_by TEXT NOT NULL DEFAULT 'web'
    CHECK (came_by IN ('web', 'phone', 'enquiry', 'waitlist', 'overflow', 'reseller'));
UPDATE booking SET came_by = source;
ALTER TABLE booking DROP COLUMN source;
ALTER TABLE booking RENAME COLUMN came_by TO source;
