-- Official acts: written once, never changed. `request` is drawn by the device that asks, so that
-- asking twice is one act. `content` is the act with its author, as JSON.
CREATE TABLE acts (
    exercise TEXT NOT NULL,
    number INTEGER NOT NULL,
    request TEXT NOT NULL,
    at INTEGER NOT NULL,
    user INTEGER NOT NULL REFERENCES users,
    content TEXT NOT NULL,
    PRIMARY KEY (exercise, number),
    UNIQUE (exercise, request)
) STRICT, WITHOUT ROWID;

-- The content of versions, by fingerprint: the exercise as a file, as it was then.
CREATE TABLE contents (
    exercise TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (exercise, fingerprint)
) STRICT;

-- Files that belong to acts, by the SHA-256 of their content.
CREATE TABLE files (
    exercise TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content BLOB NOT NULL,
    user INTEGER NOT NULL REFERENCES users,
    at INTEGER NOT NULL,
    PRIMARY KEY (exercise, sha256)
) STRICT;
