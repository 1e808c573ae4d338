-- A second factor of local accounts (RFC 6238). Not confirmed, it is asked for by nobody. `step` is that
-- of the last code that was taken: none opens twice.
CREATE TABLE second_factors (
    user INTEGER PRIMARY KEY REFERENCES users,
    secret BLOB NOT NULL,
    step INTEGER NOT NULL DEFAULT 0,
    confirmed INTEGER
) STRICT;

-- Hashes of codes for who has lost the device; each goes when it is used.
CREATE TABLE recovery_codes (
    user INTEGER NOT NULL REFERENCES users,
    hash BLOB NOT NULL,
    PRIMARY KEY (user, hash)
) STRICT, WITHOUT ROWID;
