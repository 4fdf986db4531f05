-- Courses: a tour with a row here is sold in runs, which are slots of several sessions.
CREATE TABLE course (
    tour_id UUID PRIMARY KEY REFERENCES tour (id),
    -- Sessions that a participant attends to be certified.
    needed INTEGER NOT NULL CHECK (needed >= 1),
    by_application BOOLEAN NOT NULL,
    -- What a certificate says its holder has learnt.
    skills TEXT NOT NULL
);

-- The venue's date of a run's last session; a slot without one is a visit of one session.
ALTER TABLE slot ADD COLUMN last_date DATE;

-- The slot of a run begins with its first session and ends with its last, cancelled ones aside.
CREATE TABLE course_session (
    id UUID PRIMARY KEY,
    slot_id UUID NOT NULL REFERENCES slot (id),
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- From 1 in the order of the plan. It stays when a session is moved or cancelled: the calendar
    -- entry of a guest is known by it.
    position INTEGER NOT NULL CHECK (position > 0),
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    local_date DATE NOT NULL,
    cancelled_at TIMESTAMPTZ,
    reason TEXT NOT NULL,
    CONSTRAINT course_session_position_key UNIQUE (slot_id, position)
);
CREATE INDEX course_session_workshop ON course_session (workshop_id, local_date);
CREATE INDEX course_session_date ON course_session (local_date);

-- The school or company that a booking is made for.
CREATE TABLE school_group (
    booking_id UUID PRIMARY KEY REFERENCES booking (id),
    organisation TEXT NOT NULL,
    teacher TEXT NOT NULL
);

-- Year of birth: asked of pupils, so that two of one name can be told apart on certificates.
ALTER TABLE guest ADD COLUMN born INTEGER;

CREATE TABLE attendance (
    session_id UUID NOT NULL REFERENCES course_session (id),
    guest_id UUID NOT NULL REFERENCES guest (id),
    present BOOLEAN NOT NULL,
    -- A mark made offline that arrives after a newer one changes nothing.
    marked_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (session_id, guest_id)
);
CREATE INDEX attendance_guest ON attendance (guest_id);

-- What a certificate says is written when it is issued and never changes after.
CREATE TABLE certificate (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT certificate_code_key UNIQUE,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    year INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    slot_id UUID NOT NULL REFERENCES slot (id),
    booking_id UUID NOT NULL REFERENCES booking (id),
    guest_id UUID NOT NULL REFERENCES guest (id),
    name TEXT NOT NULL,
    born INTEGER,
    course TEXT NOT NULL,
    skills TEXT NOT NULL,
    workshop TEXT NOT NULL,
    village TEXT NOT NULL,
    attended INTEGER NOT NULL CHECK (attended > 0),
    sessions INTEGER NOT NULL CHECK (sessions >= attended),
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    first_date DATE NOT NULL,
    last_date DATE NOT NULL,
    issued_on DATE NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL,
    issued_by TEXT NOT NULL,
    withdrawn_at TIMESTAMPTZ,
    withdrawn_reason TEXT NOT NULL,
    CONSTRAINT certificate_number_key UNIQUE (workshop_id, year, number)
);
CREATE INDEX certificate_slot ON certificate (slot_id);
CREATE INDEX certificate_booking ON certificate (booking_id);
-- One that counts for each participant; a withdrawn one may be followed by another.
CREATE UNIQUE INDEX certificate_valid ON certificate (guest_id) WHERE withdrawn_at IS NULL;
