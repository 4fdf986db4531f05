-- Green and circular: what workshops measure of themselves, each figure with its source.
CREATE TABLE green_entry (
    id UUID PRIMARY KEY,
    -- The same form sent twice is one entry.
    form_key TEXT NOT NULL CONSTRAINT green_entry_form_key UNIQUE,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- NULL: of the whole workshop.
    tour_id UUID REFERENCES tour (id),
    measure TEXT NOT NULL CHECK (measure IN ('clay_reclaimed', 'kiln_energy', 'kiln_fuel',
        'solar_power', 'shared_transport', 'plastic_free', 'natural_dyes', 'waste_water',
        'local_materials', 'scraps_given')),
    -- A number in hundredths of its unit, a fuel, or whether it is done: one of them, by the measure.
    amount BIGINT CHECK (amount >= 0),
    fuel TEXT CHECK (fuel IN ('electric', 'gas', 'wood', 'coal')),
    done BOOLEAN,
    -- Of local materials: from how far at most.
    within_km INTEGER CHECK (within_km BETWEEN 1 AND 1000),
    -- How it is done, or what is used instead; JSON by language.
    practice TEXT NOT NULL,
    -- The time for which it holds.
    span TEXT NOT NULL CHECK (span IN ('month', 'quarter', 'year')),
    first_date DATE NOT NULL,
    last_date DATE NOT NULL,
    known TEXT NOT NULL CHECK (known IN ('metered', 'counted', 'invoices', 'estimated')),
    -- Where it is from, in words; JSON by language.
    source TEXT NOT NULL,
    -- What the program reckoned it from; JSON, NULL where it was said.
    basis TEXT,
    entered_by TEXT NOT NULL,
    entered_at TIMESTAMPTZ NOT NULL,
    -- It was wrong, and is shown to nobody but the workshop.
    withdrawn_at TIMESTAMPTZ,
    CONSTRAINT green_entry_days CHECK (first_date < last_date),
    CONSTRAINT green_entry_value CHECK (
        (measure = 'kiln_fuel' AND fuel IS NOT NULL AND amount IS NULL AND done IS NULL)
        OR (measure IN ('plastic_free', 'waste_water') AND done IS NOT NULL AND amount IS NULL
            AND fuel IS NULL)
        OR (measure NOT IN ('kiln_fuel', 'plastic_free', 'waste_water') AND amount IS NOT NULL
            AND fuel IS NULL AND done IS NULL)
    ),
    CONSTRAINT green_entry_within CHECK ((measure = 'local_materials') = (within_km IS NOT NULL))
);
CREATE INDEX green_entry_workshop ON green_entry (workshop_id, last_date);
