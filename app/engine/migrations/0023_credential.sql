-- Credentials: stars, marks, titles, recognitions and checks, each with its papers.
CREATE TABLE credential (
    id UUID PRIMARY KEY,
    -- The same form sent twice is one credential.
    form_key TEXT NOT NULL CONSTRAINT credential_form_key UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('ocop', 'collective_mark', 'certification_mark',
        'geographical_indication', 'mark_licence', 'peoples_artisan', 'meritorious_artisan',
        'hanoi_artisan', 'world_craft_city', 'traditional_craft_village', 'craft_village',
        'environmental_permit', 'environmental_registration', 'wastewater', 'clean_kiln',
        'labour_safety', 'fire_safety', 'food_safety')),
    -- Whose it is; which of these may be there is said below.
    village_id UUID REFERENCES village (id),
    coop_id UUID REFERENCES coop (id),
    workshop_id UUID REFERENCES workshop (id),
    -- A tour that has stars itself.
    tour_id UUID REFERENCES tour (id),
    -- Of a licence: the mark that may be used.
    mark_id UUID REFERENCES credential (id),
    -- The product, the person, or the mark by its name.
    subject TEXT NOT NULL,
    -- Of a mark that no co-op here owns: the association that does.
    owner TEXT NOT NULL,
    stars INTEGER CHECK (stars BETWEEN 3 AND 5),
    level TEXT CHECK (level IN ('central', 'province', 'district', 'commune')),
    number TEXT NOT NULL,
    decision TEXT NOT NULL,
    issuer TEXT NOT NULL,
    year INTEGER,
    filed_on DATE,
    renewals INTEGER NOT NULL CHECK (renewals BETWEEN 0 AND 20),
    -- The day of the decision, the certificate or the check; the first day of a licence.
    issued_on DATE,
    -- Its last day; none for what does not expire.
    valid_until DATE,
    state TEXT NOT NULL CHECK (state IN ('claimed', 'verified', 'refused', 'withdrawn')),
    -- Why it was refused or withdrawn.
    reason TEXT NOT NULL,
    -- How many days before the end the last reminder was for.
    reminded INTEGER,
    -- Grows with each change; what the office decides about is what it has seen.
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- Since when it waits for the office.
    claimed_at TIMESTAMPTZ NOT NULL,
    decided_at TIMESTAMPTZ,
    CONSTRAINT credential_holder CHECK (
        (kind = 'ocop' AND workshop_id IS NOT NULL AND village_id IS NULL AND coop_id IS NULL
            AND mark_id IS NULL AND stars IS NOT NULL AND subject <> '')
        OR (kind IN ('collective_mark', 'certification_mark', 'geographical_indication')
            AND (coop_id IS NULL) <> (village_id IS NULL) AND workshop_id IS NULL
            AND tour_id IS NULL AND mark_id IS NULL AND stars IS NULL AND subject <> '')
        OR (kind = 'mark_licence' AND workshop_id IS NOT NULL AND mark_id IS NOT NULL
            AND village_id IS NULL AND coop_id IS NULL AND tour_id IS NULL AND stars IS NULL)
        OR (kind IN ('peoples_artisan', 'meritorious_artisan', 'hanoi_artisan')
            AND workshop_id IS NOT NULL AND village_id IS NULL AND coop_id IS NULL
            AND tour_id IS NULL AND mark_id IS NULL AND stars IS NULL AND subject <> '')
        OR (kind IN ('world_craft_city', 'traditional_craft_village', 'craft_village')
            AND village_id IS NOT NULL AND coop_id IS NULL AND workshop_id IS NULL
            AND tour_id IS NULL AND mark_id IS NULL AND stars IS NULL)
        OR (kind IN ('environmental_permit', 'environmental_registration', 'wastewater',
            'clean_kiln', 'labour_safety', 'fire_safety', 'food_safety')
            AND workshop_id IS NOT NULL AND village_id IS NULL AND coop_id IS NULL
            AND tour_id IS NULL AND mark_id IS NULL AND stars IS NULL)
    )
);
CREATE INDEX credential_workshop ON credential (workshop_id);
CREATE INDEX credential_village ON credential (village_id);
CREATE INDEX credential_coop ON credential (coop_id);
CREATE INDEX credential_mark ON credential (mark_id);
CREATE INDEX credential_state ON credential (state, valid_until);

-- What proves it, as it was uploaded; only the holder and the office read it.
CREATE TABLE credential_paper (
    id UUID PRIMARY KEY,
    credential_id UUID NOT NULL REFERENCES credential (id),
    name TEXT NOT NULL,
    content_type TEXT NOT NULL CHECK (content_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    bytes INTEGER NOT NULL,
    content BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX credential_paper_of ON credential_paper (credential_id);

-- Marks that co-ops have written down so far. Nobody has checked them, so they wait for the office;
-- dates are still to be said.
INSERT INTO credential (id, form_key, kind, coop_id, subject, owner, number, decision, issuer,
    renewals, state, reason, version, created_at, claimed_at)
    SELECT id, 'coop:' || slug, 'collective_mark', id, trademark, '', trademark_number, '',
    'Cục Sở hữu trí tuệ', 0, 'claimed', '', 0, created_at, created_at
    FROM coop WHERE trademark <> '';
ALTER TABLE coop DROP COLUMN trademark;
ALTER TABLE coop DROP COLUMN trademark_number;
