-- Up Migration

-- The last trees that were in use, as gzipped snapshots: what a tree that comes by restart is compared with.
CREATE TABLE territory.history_trees (
  version text PRIMARY KEY,
  used timestamptz NOT NULL,
  snapshot bytea NOT NULL
);

-- Down Migration

DROP TABLE territory.history_trees;
