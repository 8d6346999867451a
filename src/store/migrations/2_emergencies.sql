-- Up Migration

-- Emergencies (src/stats/emergencies). `revision` is the number of events; at most one row has no `closed`.
CREATE TABLE territory.emergencies (
  id text PRIMARY KEY,
  declared timestamptz NOT NULL,
  closed timestamptz,
  revision integer NOT NULL
);
CREATE UNIQUE INDEX emergencies_open ON territory.emergencies ((true)) WHERE closed IS NULL;
CREATE INDEX emergencies_declared ON territory.emergencies (declared);

-- What was done, by whom and when. Rows are only ever added.
CREATE TABLE territory.emergency_events (
  emergency text NOT NULL REFERENCES territory.emergencies (id),
  revision integer NOT NULL,
  time timestamptz NOT NULL,
  by text NOT NULL,
  kind text NOT NULL,
  data jsonb NOT NULL,
  PRIMARY KEY (emergency, revision)
);

-- What was filled into the timeline by itself: trees, deliveries, anomalies. `text` is {en, fr}.
CREATE TABLE territory.emergency_timeline (
  emergency text NOT NULL REFERENCES territory.emergencies (id),
  key text NOT NULL,
  time timestamptz NOT NULL,
  kind text NOT NULL,
  text jsonb NOT NULL,
  PRIMARY KEY (emergency, key)
);

-- Down Migration

DROP TABLE territory.emergency_timeline;
DROP TABLE territory.emergency_events;
DROP TABLE territory.emergencies;
