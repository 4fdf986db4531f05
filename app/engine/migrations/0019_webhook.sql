-- Who is told by HTTP when something changes: a workshop's own systems, and travel companies by OCTO.
CREATE TABLE webhook (
    id UUID PRIMARY KEY,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- Of a travel company; NULL: the workshop's own.
    contract_id UUID REFERENCES reseller_contract (id),
    -- Made with a test key: it hears of bookings that are tests alone.
    test BOOLEAN NOT NULL,
    url TEXT NOT NULL,
    -- JSON: what it is told of, and headers that the subscriber wants to be sent.
    events TEXT NOT NULL,
    headers TEXT NOT NULL,
    -- Signatures are made with it, so it is kept as it is.
    secret TEXT NOT NULL,
    -- Paused by its owner, or because it failed for days.
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'failing')),
    -- Since its last success nothing but failures; NULL while all is well.
    failing_since TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX webhook_workshop ON webhook (workshop_id);
CREATE INDEX webhook_contract ON webhook (contract_id);

-- What is to be told, and the log of what was.
CREATE TABLE webhook_delivery (
    -- Told with each try, so that the other side knows what it has.
    id UUID PRIMARY KEY,
    webhook_id UUID NOT NULL REFERENCES webhook (id),
    event TEXT NOT NULL,
    -- The booking, option or tour that it is about: what waits of one subject becomes one.
    subject_id UUID NOT NULL,
    -- Of departures: these days, and which one if it is a single one.
    first_date DATE,
    last_date DATE,
    slot_id UUID,
    data TEXT NOT NULL,
    -- 'merged': something newer of the same subject went instead. 'dropped': the webhook was paused.
    state TEXT NOT NULL CHECK (state IN ('queued', 'delivered', 'dead', 'merged', 'dropped')),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    -- Attempts made before somebody said "send again".
    spent INTEGER NOT NULL CHECK (spent >= 0),
    due_at TIMESTAMPTZ NOT NULL,
    leased_until TIMESTAMPTZ,
    tried_at TIMESTAMPTZ,
    -- What the last try brought: the answer's code, or why there was none.
    status INTEGER,
    failure TEXT,
    answer TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (state, due_at);
CREATE INDEX webhook_delivery_subject ON webhook_delivery (webhook_id, subject_id);
CREATE INDEX webhook_delivery_created ON webhook_delivery (created_at);

-- What was last told, or was so when the workshop's first webhook was added. Slots may go without a
-- trace, so nothing refers to them.
CREATE TABLE webhook_booking (
    booking_id UUID PRIMARY KEY REFERENCES booking (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX webhook_booking_workshop ON webhook_booking (workshop_id);
CREATE INDEX webhook_booking_ends ON webhook_booking (ends_at);

CREATE TABLE webhook_slot (
    slot_id UUID PRIMARY KEY,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    tour_id UUID NOT NULL,
    option_id UUID NOT NULL,
    local_date DATE NOT NULL,
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    closes_at TIMESTAMPTZ NOT NULL,
    capacity INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    allotted INTEGER NOT NULL,
    room INTEGER,
    busy BOOLEAN NOT NULL,
    status TEXT NOT NULL,
    price_percent INTEGER NOT NULL
);
CREATE INDEX webhook_slot_workshop ON webhook_slot (workshop_id);
CREATE INDEX webhook_slot_ends ON webhook_slot (ends_at);

CREATE TABLE webhook_tour (
    tour_id UUID PRIMARY KEY REFERENCES tour (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- Of all that its page says.
    print TEXT NOT NULL,
    published BOOLEAN NOT NULL
);
CREATE INDEX webhook_tour_workshop ON webhook_tour (workshop_id);

-- One row: whoever looks for changes, or adds or removes a webhook, locks it. Tours are looked at when
-- the catalogue has another version.
CREATE TABLE webhook_look (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    looks BIGINT NOT NULL,
    catalogue_version BIGINT NOT NULL
);
INSERT INTO webhook_look (id, looks, catalogue_version) VALUES (1, 0, 0);
