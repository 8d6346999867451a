-- Up Migration

-- Deliveries that have a name, and when they were last counted: told again within a week, one is not counted again.
CREATE TABLE territory.history_deliveries (
  name text PRIMARY KEY,
  told timestamptz NOT NULL
);
INSERT INTO territory.history_deliveries (name, told)
SELECT substr(key, length('delivery ') + 1), max(time) FROM territory.history_marks
 WHERE kind = 'delivery' AND key LIKE 'delivery %' AND time > now() - interval '7 days' GROUP BY key;

-- Trees are looked for among all marks, of which a loader may make thousands, and the same event by its key.
CREATE INDEX history_marks_kind ON territory.history_marks (kind, time);
CREATE INDEX history_marks_key ON territory.history_marks (key) WHERE key IS NOT NULL;

-- Down Migration

DROP INDEX territory.history_marks_key;
DROP INDEX territory.history_marks_kind;
DROP TABLE territory.history_deliveries;
