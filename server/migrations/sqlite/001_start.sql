-- Times are milliseconds since 1970 (UTC).

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value NOT NULL
) WITHOUT ROWID;

-- Drawn at random, never zero: tells devices whether they speak with the log that they know.
INSERT INTO meta (name, value) VALUES ('epoch', random() | 1);

-- Accounts are disabled, never removed: the log names them.
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    region TEXT,
    password TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created INTEGER NOT NULL
) STRICT;

-- Whoever reads files in by command line.
INSERT INTO users (id, login, name, role, password, disabled, created)
VALUES (0, '', 'Importación', 'observer', '', 1, 0);

-- Only the hash of a token is kept: who reads the database cannot sign in with it.
CREATE TABLE sessions (
    token BLOB PRIMARY KEY,
    user INTEGER NOT NULL REFERENCES users,
    created INTEGER NOT NULL,
    last_seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_of_user ON sessions (user);

CREATE TABLE exercises (
    id TEXT PRIMARY KEY,
    created INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES users
) STRICT, WITHOUT ROWID;

-- To whom each writer identity belongs; the first who uses one keeps it. `since` is the place of
-- its first entry in the log, `role` what the person was then.
CREATE TABLE peers (
    exercise TEXT NOT NULL,
    peer INTEGER NOT NULL,
    user INTEGER NOT NULL REFERENCES users,
    role TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (exercise, peer)
) STRICT, WITHOUT ROWID;

-- Everything ever accepted, in its order. Kept for ever: it is the history.
CREATE TABLE log (
    exercise TEXT NOT NULL,
    seq INTEGER NOT NULL,
    peer INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    user INTEGER NOT NULL REFERENCES users,
    at INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (exercise, seq),
    UNIQUE (exercise, peer, entry)
) STRICT, WITHOUT ROWID;

-- The newest snapshot of each exercise, so that a newcomer need not read the whole log.
CREATE TABLE bases (
    exercise TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    content BLOB NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
