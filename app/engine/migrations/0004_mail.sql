-- Letters to send, written in the transaction of the event that they tell of.
CREATE TABLE outbox (
    id UUID PRIMARY KEY,
    -- One letter for one event: the second insert of the same key does nothing.
    event_key TEXT NOT NULL CONSTRAINT outbox_event_key UNIQUE,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    locale TEXT NOT NULL,
    payload TEXT NOT NULL,
    booking_id UUID REFERENCES booking (id),
    workshop_id UUID REFERENCES workshop (id),
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'superseded', 'dead')),
    attempts INTEGER NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    leased_until TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    last_error TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX outbox_due ON outbox (state, due_at);
CREATE INDEX outbox_booking ON outbox (booking_id);
CREATE INDEX outbox_workshop ON outbox (workshop_id, kind, created_at);
