-- Up Migration

-- Points of the history (src/stats/history). step: 0 minute, 1 hour, 2 day. Hours and days are exact sums of their
-- minutes; a sketch is an HDR histogram (V2, deflated).
CREATE TABLE territory.history_points (
  step smallint NOT NULL,
  name text COLLATE "C" NOT NULL,
  time timestamptz NOT NULL,
  key text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  sum double precision NOT NULL,
  sketch bytea,
  PRIMARY KEY (step, name, time, key)
);

-- The last batch of each process that writes, so that one that is sent again is not counted twice.
CREATE TABLE territory.history_writers (
  writer text PRIMARY KEY,
  sequence bigint NOT NULL,
  seen timestamptz NOT NULL DEFAULT now()
);

-- What happened once: trees, deliveries, emergencies, starts.
CREATE TABLE territory.history_marks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  time timestamptz NOT NULL,
  kind text NOT NULL,
  text text NOT NULL,
  data jsonb NOT NULL,
  key text
);
CREATE INDEX history_marks_time ON territory.history_marks (time);

-- The detailed query log, where `queryLog.database` is set. `line` is the line of the log stream.
CREATE TABLE territory.query_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  time timestamptz NOT NULL,
  endpoint text NOT NULL,
  outcome text NOT NULL,
  status smallint NOT NULL,
  codes text[] NOT NULL,
  line jsonb NOT NULL
);
CREATE INDEX query_log_time ON territory.query_log (time);

-- Down Migration

DROP TABLE territory.query_log;
DROP TABLE territory.history_marks;
DROP TABLE territory.history_writers;
DROP TABLE territory.history_points;
