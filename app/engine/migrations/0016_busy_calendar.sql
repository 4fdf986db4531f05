-- Calendars of others (Google, Airbnb …), whose events take the time of a workshop, a guide or a
-- machine. They are read by their address.
CREATE TABLE busy_calendar (
    id UUID PRIMARY KEY,
    -- One of the two: whose time it takes. Guides are resources.
    workshop_id UUID REFERENCES workshop (id),
    resource_id UUID REFERENCES resource (id),
    -- Of a workshop: only this tour stops for it.
    tour_id UUID REFERENCES tour (id),
    name TEXT NOT NULL,
    -- A secret: whoever has it reads the calendar.
    url TEXT NOT NULL,
    paused BOOLEAN NOT NULL,
    -- What its server said of the document that was read last; empty for nothing.
    etag TEXT NOT NULL,
    modified TEXT NOT NULL,
    -- When it was last known how the calendar stands, and when all of it was last read.
    seen_at TIMESTAMPTZ NOT NULL,
    read_at TIMESTAMPTZ NOT NULL,
    next_at TIMESTAMPTZ NOT NULL,
    -- Calls in a row that came to nothing, and why the last one did.
    failures INTEGER NOT NULL CHECK (failures >= 0),
    failure TEXT,
    -- Whether the owner was told that it can't be read.
    warned BOOLEAN NOT NULL,
    -- Events that are our own come back, and those that could not be understood.
    own_events INTEGER NOT NULL,
    unread_events INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT busy_calendar_owner CHECK ((workshop_id IS NULL) <> (resource_id IS NULL))
);
CREATE INDEX busy_calendar_workshop ON busy_calendar (workshop_id);
CREATE INDEX busy_calendar_resource ON busy_calendar (resource_id);
CREATE INDEX busy_calendar_due ON busy_calendar (paused, next_at);

-- What a calendar is busy with, repetitions written out, for as far ahead as slots exist.
CREATE TABLE busy_span (
    id UUID PRIMARY KEY,
    calendar_id UUID NOT NULL REFERENCES busy_calendar (id),
    uid TEXT NOT NULL,
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    all_day BOOLEAN NOT NULL,
    summary TEXT NOT NULL,
    -- False where the owner said that this event hinders nothing.
    blocks BOOLEAN NOT NULL,
    CONSTRAINT busy_span_times CHECK (starts_at < ends_at)
);
CREATE INDEX busy_span_calendar ON busy_span (calendar_id, ends_at);

-- Events that the owner lets pass.
CREATE TABLE busy_pass (
    calendar_id UUID NOT NULL REFERENCES busy_calendar (id),
    uid TEXT NOT NULL,
    PRIMARY KEY (calendar_id, uid)
);

-- Whether a calendar of its workshop takes the time of a slot: it is not sold then.
ALTER TABLE slot ADD COLUMN busy BOOLEAN NOT NULL DEFAULT FALSE;
-- Upkeep that a calendar of others says.
ALTER TABLE resource_use ADD COLUMN calendar_id UUID REFERENCES busy_calendar (id);

-- Calendars of our own to subscribe to; none until somebody asks for one.
ALTER TABLE resource ADD COLUMN feed_token TEXT;
CREATE UNIQUE INDEX resource_feed_token ON resource (feed_token);
ALTER TABLE coop ADD COLUMN feed_token TEXT;
CREATE UNIQUE INDEX coop_feed_token ON coop (feed_token);
