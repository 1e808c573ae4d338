-- As whom a provider of identities knows people: a keyed hash, whose key is not in this file. Nobody
-- reads a RUN from it, nor finds one by trying all of them.
CREATE TABLE identities (
    hash BLOB PRIMARY KEY,
    user INTEGER NOT NULL UNIQUE REFERENCES users,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whether the provider vouched for the person: then its session ends with ours.
ALTER TABLE sessions ADD COLUMN vouched INTEGER NOT NULL DEFAULT 0 CHECK (vouched IN (0, 1));
