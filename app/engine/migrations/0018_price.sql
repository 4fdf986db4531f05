-- What a price is made of beside the unit types: rules of days and parties, things that can be had
-- with a visit, and codes that take something off.

ALTER TABLE tour ADD COLUMN price_rules TEXT NOT NULL DEFAULT '[]';
ALTER TABLE tour ADD COLUMN extras TEXT NOT NULL DEFAULT '[]';

CREATE TABLE promo_code (
    id UUID PRIMARY KEY,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- As guests type it, in capital letters.
    code TEXT NOT NULL,
    cut TEXT NOT NULL,
    -- Ids of tours; none means all of the workshop.
    tours TEXT NOT NULL,
    -- When it may be used, and for visits on which days; inclusive.
    book_from DATE,
    book_to DATE,
    visit_from DATE,
    visit_to DATE,
    min_people INTEGER NOT NULL CHECK (min_people >= 1),
    -- Bookings that may use it; NULL is no limit.
    max_uses INTEGER CHECK (max_uses >= 1),
    -- Grows with every booking that takes it: two that take the last use meet here.
    takes INTEGER NOT NULL DEFAULT 0,
    ended_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT promo_code_key UNIQUE (workshop_id, code)
);

-- Kept with the booking as they were promised.
ALTER TABLE booking ADD COLUMN extras TEXT NOT NULL DEFAULT '[]';
ALTER TABLE booking ADD COLUMN promo_code_id UUID REFERENCES promo_code (id);
ALTER TABLE booking ADD COLUMN promo TEXT;
CREATE INDEX booking_promo_code ON booking (promo_code_id);
