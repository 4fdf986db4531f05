-- The shop: pieces that workshops have on their shelves, baskets, orders, and the money of orders.

CREATE TABLE shop_product (
    id UUID PRIMARY KEY,
    -- The same form sent twice is one piece.
    form_key TEXT NOT NULL CONSTRAINT shop_product_form_key UNIQUE,
    slug TEXT NOT NULL CONSTRAINT shop_product_slug UNIQUE,
    -- Who made it.
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- On whose shelf it is sold, where that is the co-op's.
    coop_id UUID REFERENCES coop (id),
    -- Where it stands.
    place_id UUID NOT NULL REFERENCES workshop (id),
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    materials TEXT NOT NULL,
    -- As people write it: "Ø 15 × 7 cm".
    size TEXT NOT NULL,
    -- What is looked for, folded.
    search TEXT NOT NULL,
    -- File name of the drawing shown while there is no photograph; empty: the craft's.
    illustration TEXT NOT NULL,
    price BIGINT NOT NULL CHECK (price > 0),
    grams INTEGER NOT NULL CHECK (grams BETWEEN 1 AND 50000),
    one_off BOOLEAN NOT NULL,
    -- On the shelf, and how many of them orders have.
    stock INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    published BOOLEAN NOT NULL,
    record_id UUID REFERENCES provenance_record (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT shop_product_stock CHECK (taken >= 0 AND taken <= stock AND stock <= 10000),
    CONSTRAINT shop_product_once CHECK (NOT one_off OR stock <= 1)
);
CREATE INDEX shop_product_sale ON shop_product (published, price);
CREATE INDEX shop_product_workshop ON shop_product (workshop_id, created_at);
CREATE INDEX shop_product_coop ON shop_product (coop_id, created_at);

CREATE TABLE shop_photo (
    id UUID PRIMARY KEY,
    product_id UUID NOT NULL REFERENCES shop_product (id),
    position INTEGER NOT NULL,
    alt TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX shop_photo_product ON shop_photo (product_id, position);
CREATE TABLE shop_photo_file (
    photo_id UUID NOT NULL REFERENCES shop_photo (id),
    width INTEGER NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (photo_id, width)
);

-- A basket is a browser's, known by a secret. It keeps nothing for anybody.
CREATE TABLE shop_basket (
    id UUID PRIMARY KEY,
    secret TEXT NOT NULL CONSTRAINT shop_basket_secret UNIQUE,
    -- A visit at which things are collected.
    booking_id UUID REFERENCES booking (id),
    touched_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX shop_basket_touched ON shop_basket (touched_at);
CREATE TABLE shop_basket_line (
    basket_id UUID NOT NULL REFERENCES shop_basket (id),
    product_id UUID NOT NULL REFERENCES shop_product (id),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (basket_id, product_id)
);

CREATE TABLE shop_order (
    id UUID PRIMARY KEY,
    form_key TEXT NOT NULL CONSTRAINT shop_order_form_key UNIQUE,
    -- What people call it, and what its buyer writes in the transfer.
    code TEXT NOT NULL CONSTRAINT shop_order_code UNIQUE,
    -- In the address of the order's page.
    secret TEXT NOT NULL,
    -- Who packs it and hands it over.
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- The seller, where that is a co-op.
    coop_id UUID REFERENCES coop (id),
    booking_id UUID REFERENCES booking (id),
    parcel_id UUID REFERENCES parcel (id),
    state TEXT NOT NULL CHECK (state IN ('awaiting', 'open', 'packed', 'posted', 'done',
        'withdrawn', 'returned', 'cancelled', 'expired')),
    way TEXT NOT NULL CHECK (way IN ('collect', 'post')),
    pays TEXT NOT NULL CHECK (pays IN ('transfer', 'counter')),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    note TEXT NOT NULL,
    locale TEXT NOT NULL,
    goods BIGINT NOT NULL CHECK (goods > 0),
    postage BIGINT NOT NULL CHECK (postage >= 0),
    account_id UUID REFERENCES bank_account (id),
    -- Until when the pieces are kept; NULL once that is over.
    due_at TIMESTAMPTZ,
    packed_at TIMESTAMPTZ,
    -- Left the house.
    sent_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    -- Why it was called off, or given back.
    reason TEXT NOT NULL,
    withdrawn_at TIMESTAMPTZ,
    -- What the seller answered to that.
    reply TEXT NOT NULL,
    -- Where money goes back to.
    refund_bank TEXT NOT NULL,
    refund_number TEXT NOT NULL,
    refund_holder TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX shop_order_workshop ON shop_order (workshop_id, state, created_at);
CREATE INDEX shop_order_coop ON shop_order (coop_id, state, created_at);
CREATE INDEX shop_order_due ON shop_order (state, due_at);
CREATE INDEX shop_order_booking ON shop_order (booking_id);
CREATE INDEX shop_order_parcel ON shop_order (parcel_id);
CREATE INDEX shop_order_address ON shop_order (LOWER(email));

-- What was ordered, as it was then.
CREATE TABLE shop_order_line (
    order_id UUID NOT NULL REFERENCES shop_order (id),
    position INTEGER NOT NULL,
    product_id UUID NOT NULL REFERENCES shop_product (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    place_id UUID NOT NULL REFERENCES workshop (id),
    title TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    price BIGINT NOT NULL CHECK (price > 0),
    grams INTEGER NOT NULL,
    PRIMARY KEY (order_id, position)
);
CREATE INDEX shop_order_line_product ON shop_order_line (product_id);

-- Money of an order: received, or paid back. Only appended to.
CREATE TABLE shop_move (
    id UUID PRIMARY KEY,
    event_key TEXT NOT NULL CONSTRAINT shop_move_event_key UNIQUE,
    order_id UUID NOT NULL REFERENCES shop_order (id),
    kind TEXT NOT NULL CHECK (kind IN ('received', 'refunded')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    method TEXT NOT NULL CHECK (method IN ('cash', 'transfer', 'other', 'gift_card')),
    account_id UUID REFERENCES bank_account (id),
    transfer_id UUID REFERENCES transfer (id),
    card_id UUID REFERENCES gift_card (id),
    on_date DATE NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX shop_move_order ON shop_move (order_id);
CREATE INDEX shop_move_card ON shop_move (card_id);

-- A transfer is for a booking, a card, a parcel or an order.
ALTER TABLE transfer ADD COLUMN order_id UUID REFERENCES shop_order (id);
CREATE INDEX transfer_order ON transfer (order_id);

-- A parcel with an order in it: its post is paid with the order, and the order says what is done with it.
ALTER TABLE parcel ADD COLUMN of_order BOOLEAN NOT NULL DEFAULT FALSE;

-- A co-op's rule for its shelf, beside the one for visits.
ALTER TABLE split_rule ADD COLUMN of_sales BOOLEAN NOT NULL DEFAULT FALSE;

-- Entries of the ledger, consents and looks at people's data have words of orders too. These
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
