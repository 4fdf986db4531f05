-- Stories: what villages, workshops and the people of workshops tell about themselves.

-- A person of a workshop who is shown to everybody, because they agreed to it.
CREATE TABLE artisan (
    id UUID PRIMARY KEY,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    slug TEXT NOT NULL CONSTRAINT artisan_slug_key UNIQUE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    born_year INTEGER,
    -- When they began the craft.
    since_year INTEGER,
    learned_from TEXT NOT NULL,
    words TEXT NOT NULL,
    quote TEXT NOT NULL,
    -- When they agreed to be shown; null once they don't any more.
    consent_at TIMESTAMPTZ,
    published BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (consent_at IS NOT NULL OR NOT published)
);
CREATE INDEX artisan_workshop ON artisan (workshop_id);

-- A chapter of a village, a workshop or an artisan: exactly one of the three.
CREATE TABLE chapter (
    id UUID PRIMARY KEY,
    village_id UUID REFERENCES village (id),
    workshop_id UUID REFERENCES workshop (id),
    artisan_id UUID REFERENCES artisan (id),
    kind TEXT NOT NULL CHECK (kind IN ('history', 'people', 'process', 'getting_there', 'near', 'words')),
    position INTEGER NOT NULL,
    heading TEXT NOT NULL,
    -- A small subset of Markdown.
    body TEXT NOT NULL,
    -- JSON: of a process its steps, of a glossary its words.
    steps TEXT NOT NULL,
    terms TEXT NOT NULL,
    published BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((CASE WHEN village_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN workshop_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN artisan_id IS NULL THEN 0 ELSE 1 END) = 1)
);
CREATE INDEX chapter_village ON chapter (village_id);
CREATE INDEX chapter_workshop ON chapter (workshop_id);
CREATE INDEX chapter_artisan ON chapter (artisan_id);

-- A picture of a chapter, or the portrait of an artisan; re-encoded on upload as photographs are.
CREATE TABLE story_picture (
    id UUID PRIMARY KEY,
    chapter_id UUID REFERENCES chapter (id),
    artisan_id UUID CONSTRAINT story_picture_portrait_key UNIQUE REFERENCES artisan (id),
    position INTEGER NOT NULL,
    alt TEXT NOT NULL,
    caption TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CHECK ((chapter_id IS NULL) <> (artisan_id IS NULL))
);
CREATE INDEX story_picture_chapter ON story_picture (chapter_id);

CREATE TABLE story_file (
    picture_id UUID NOT NULL REFERENCES story_picture (id),
    width INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (picture_id, width)
);
