-- Somebody who acts for whoever holds the office.
ALTER TABLE users ADD COLUMN acting INTEGER NOT NULL DEFAULT 0 CHECK (acting IN (0, 1));

-- Ways in that were given to people. Where `user` is set, to choose another password. Only the hash
-- of the token is kept; used and revoked ones stay, to be told about.
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token BLOB NOT NULL UNIQUE,
    user INTEGER REFERENCES users,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    region TEXT,
    acting INTEGER NOT NULL CHECK (acting IN (0, 1)),
    by INTEGER NOT NULL REFERENCES users,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    ended INTEGER
) STRICT;

-- Who did what, beside what the log has. `region` says whose business it is. Old entries go.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    by INTEGER REFERENCES users,
    about INTEGER REFERENCES users,
    exercise TEXT,
    region TEXT,
    detail TEXT NOT NULL
) STRICT;

CREATE INDEX audit_of_region ON audit (region, id);
CREATE INDEX audit_by_time ON audit (at);
