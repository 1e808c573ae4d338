-- Hash of the secret in the address at which a person's calendar is subscribed to.
ALTER TABLE users ADD COLUMN feed BLOB;

CREATE UNIQUE INDEX users_by_feed ON users (feed) WHERE feed IS NOT NULL;
