-- What a person keeps on devices is closed with this key; drawn when it is first asked for. It
-- outlives sessions and passwords: what waits on a device must open again.
ALTER TABLE users ADD COLUMN storage_key BLOB;

-- Whoever a writer belongs to only brought it, in a rescue file: it becomes that of its own person
-- when the device comes.
ALTER TABLE peers ADD COLUMN carried INTEGER NOT NULL DEFAULT 0 CHECK (carried IN (0, 1));
