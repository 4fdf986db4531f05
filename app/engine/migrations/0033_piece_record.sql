-- Each piece has a record of where it comes from. Only pieces that were registered before have none.
ALTER TABLE piece ADD COLUMN record_id UUID REFERENCES provenance_record (id);
CREATE UNIQUE INDEX piece_record ON piece (record_id);
CREATE INDEX piece_replaces ON piece (replaces);

-- The entry of the record that tells of the step.
ALTER TABLE piece_step ADD COLUMN record_seq INTEGER;

-- JSON: what pieces of the option are made of, and where that comes from.
ALTER TABLE making ADD COLUMN materials TEXT NOT NULL DEFAULT '[]';
