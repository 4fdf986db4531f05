-- Reviews by guests who came, the workshops' answers, and what the office decides.

CREATE TABLE review (
    id UUID PRIMARY KEY,
    -- One for each visit.
    booking_id UUID NOT NULL CONSTRAINT review_booking_key UNIQUE REFERENCES booking (id),
    tour_id UUID NOT NULL REFERENCES tour (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- One that was taken back keeps its row, without words and names: it can't be written anew.
    state TEXT NOT NULL CHECK (state IN ('shown', 'hidden', 'withdrawn')),
    stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    -- Of the words, as a lang attribute names it.
    language TEXT NOT NULL,
    words TEXT NOT NULL,
    -- How its author signs, and the name as it is shown; empty for a guest.
    signed TEXT NOT NULL CHECK (signed IN ('name', 'initial', 'guest')),
    name TEXT NOT NULL,
    visited_on DATE NOT NULL,
    -- The workshop's answer; empty while there is none.
    reply TEXT NOT NULL,
    replied_at TIMESTAMPTZ,
    hidden_for TEXT CHECK (hidden_for IN
        ('personal_data', 'insult', 'not_about_visit', 'advertising', 'unlawful')),
    -- By its author.
    edited_at TIMESTAMPTZ,
    -- Grows with every change; writers compare it.
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT review_hidden_why CHECK ((state = 'hidden') = (hidden_for IS NOT NULL))
);
-- Averages are reckoned from this index alone.
CREATE INDEX review_stars ON review (tour_id, stars) WHERE state = 'shown';
CREATE INDEX review_tour ON review (tour_id, created_at);
CREATE INDEX review_workshop ON review (workshop_id, created_at);

-- What the office is asked: by the workshop to hide one, by its author to show it again.
CREATE TABLE review_report (
    id UUID PRIMARY KEY,
    review_id UUID NOT NULL REFERENCES review (id),
    kind TEXT NOT NULL CHECK (kind IN ('report', 'appeal')),
    -- Of a report.
    reason TEXT CHECK (reason IN
        ('personal_data', 'insult', 'not_about_visit', 'advertising', 'unlawful')),
    words TEXT NOT NULL,
    actor TEXT NOT NULL,
    decision TEXT CHECK (decision IN ('shown', 'hidden', 'dropped')),
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX review_report_review ON review_report (review_id, created_at);
CREATE UNIQUE INDEX review_report_open ON review_report (review_id) WHERE decided_at IS NULL;

-- Until when somebody of a workshop has read its reviews.
CREATE TABLE review_seen (
    person_id UUID NOT NULL REFERENCES person (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person_id, workshop_id)
);
