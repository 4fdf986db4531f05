-- Where products come from: records that anybody can check, and that nobody can rewrite unnoticed.

-- Ed25519 keys by which entries and checkpoints are signed. One is in use; the others stay, because what
-- they signed is still to be checked.
CREATE TABLE provenance_key (
    -- The first 16 hexadecimal digits of the SHA-256 of the public key.
    id TEXT PRIMARY KEY,
    algorithm TEXT NOT NULL CHECK (algorithm = 'ed25519'),
    public_key TEXT NOT NULL,
    -- NULL: it stands in the configuration, and in no database.
    secret_key TEXT,
    valid_from TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ,
    -- How much it signed; whoever signs locks the row by it, so that no key is retired meanwhile.
    signed BIGINT NOT NULL
);
CREATE UNIQUE INDEX provenance_key_in_use ON provenance_key (algorithm) WHERE retired_at IS NULL;

CREATE TABLE provenance_record (
    id UUID PRIMARY KEY,
    -- The same form sent twice is one record.
    form_key TEXT NOT NULL CONSTRAINT provenance_record_form_key UNIQUE,
    -- Whoever has it sees the record; printed on the product.
    code TEXT NOT NULL CONSTRAINT provenance_record_code_key UNIQUE,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    kind TEXT NOT NULL CHECK (kind IN ('lot', 'piece')),
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('live', 'withdrawn')),
    withdrawn_at TIMESTAMPTZ,
    withdrawn_reason TEXT NOT NULL,
    -- The newest entry; whoever appends locks the row by the number.
    head_seq INTEGER NOT NULL CHECK (head_seq >= 0),
    head_hash TEXT,
    head_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT provenance_record_withdrawn CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL))
);
CREATE INDEX provenance_record_workshop ON provenance_record (workshop_id, created_at);

-- Only appended to.
CREATE TABLE provenance_entry (
    record_id UUID NOT NULL REFERENCES provenance_record (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    -- The same form sent twice is one entry.
    event_key TEXT CONSTRAINT provenance_entry_event_key UNIQUE,
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('opened', 'material', 'maker', 'step', 'photo', 'credential',
        'remark', 'correction', 'handed_over', 'withdrawn')),
    -- Canonical JSON (RFC 8785), as it was hashed.
    body TEXT NOT NULL,
    -- Hash of the entry before; NULL for the first.
    previous TEXT,
    hash TEXT NOT NULL CONSTRAINT provenance_entry_hash_key UNIQUE,
    key_id TEXT NOT NULL REFERENCES provenance_key (id),
    signature TEXT NOT NULL,
    PRIMARY KEY (record_id, seq),
    CONSTRAINT provenance_entry_first CHECK ((seq = 1) = (previous IS NULL))
);
CREATE INDEX provenance_entry_key ON provenance_entry (key_id, at);

-- Names of makers, beside the chain: it holds SHA-256(salt, name) alone, so a name can be erased.
CREATE TABLE provenance_name (
    record_id UUID NOT NULL,
    seq INTEGER NOT NULL,
    name TEXT NOT NULL,
    salt TEXT NOT NULL,
    PRIMARY KEY (record_id, seq),
    FOREIGN KEY (record_id, seq) REFERENCES provenance_entry (record_id, seq)
);

-- Pictures of steps, by the SHA-256 of their bytes, which is what the chain holds.
CREATE TABLE provenance_photo (
    hash TEXT NOT NULL,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    content_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    content BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (hash, workshop_id)
);

-- How often a label was scanned on a day; by whom is not known.
CREATE TABLE provenance_scan (
    record_id UUID NOT NULL REFERENCES provenance_record (id),
    day DATE NOT NULL,
    scans INTEGER NOT NULL CHECK (scans > 0),
    PRIMARY KEY (record_id, day)
);

-- One a day: the Merkle root over the newest entries of all records. Only appended to.
CREATE TABLE provenance_checkpoint (
    day DATE PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    root TEXT NOT NULL,
    previous_day DATE REFERENCES provenance_checkpoint (day),
    previous TEXT,
    hash TEXT NOT NULL,
    key_id TEXT NOT NULL REFERENCES provenance_key (id),
    signature TEXT NOT NULL,
    CONSTRAINT provenance_checkpoint_chain CHECK ((previous_day IS NULL) = (previous IS NULL))
);
CREATE UNIQUE INDEX provenance_checkpoint_previous ON provenance_checkpoint (previous_day);

-- Heads that a checkpoint saw for the first time: its list is, of each record, the last one up to its day.
CREATE TABLE provenance_checkpoint_head (
    day DATE NOT NULL REFERENCES provenance_checkpoint (day),
    record_id UUID NOT NULL REFERENCES provenance_record (id),
    seq INTEGER NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (day, record_id)
);
