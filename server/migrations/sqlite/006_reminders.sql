-- Where somebody is written to, if anywhere, and whether they want to be reminded of what is due.
ALTER TABLE users ADD COLUMN email TEXT;
ALTER TABLE users ADD COLUMN reminded INTEGER NOT NULL DEFAULT 1 CHECK (reminded IN (0, 1));

-- What people were reminded of, as JSON, so that nothing is told twice. `day` is the legal day on
-- which the mail went: one a day.
CREATE TABLE reminders (
    user INTEGER NOT NULL REFERENCES users,
    content TEXT NOT NULL,
    day TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (user, content)
) STRICT, WITHOUT ROWID;
