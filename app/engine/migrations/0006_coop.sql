-- Workshops that work as one: a co-operation group (tổ hợp tác) or a co-operative (hợp tác xã).
CREATE TABLE coop (
    id UUID PRIMARY KEY,
    slug TEXT NOT NULL CONSTRAINT coop_slug_key UNIQUE,
    village_id UUID NOT NULL REFERENCES village (id),
    -- A group of households by contract, or a registered co-operative (Law on Co-operatives 17/2023/QH15).
    form TEXT NOT NULL CHECK (form IN ('group', 'cooperative')),
    name TEXT NOT NULL,
    summary TEXT NOT NULL,
    story TEXT NOT NULL,
    founded_on DATE,
    -- The collective trademark its members may use; empty when there is none.
    trademark TEXT NOT NULL,
    trademark_number TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX coop_village ON coop (village_id);

-- One row for each time that a workshop was invited; rows are never deleted, so that history stays.
CREATE TABLE coop_member (
    id UUID PRIMARY KEY,
    coop_id UUID NOT NULL REFERENCES coop (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    role TEXT NOT NULL CHECK (role IN ('manager', 'member')),
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'declined', 'withdrawn', 'left')),
    invited_at TIMESTAMPTZ NOT NULL,
    joined_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ
);
CREATE INDEX coop_member_coop ON coop_member (coop_id, state);
-- A workshop works in one co-op at a time, and is asked once at a time by each.
CREATE UNIQUE INDEX coop_member_active ON coop_member (workshop_id) WHERE state = 'active';
CREATE UNIQUE INDEX coop_member_invited ON coop_member (coop_id, workshop_id) WHERE state = 'invited';
