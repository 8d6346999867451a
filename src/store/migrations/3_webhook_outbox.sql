-- Up Migration

-- What the webhook is to be told, written together with the change that it tells of, and gone once it was told.
-- `message` is what is posted. `due` is when it is to be told (again); who takes it puts that off for a while.
CREATE TABLE territory.webhook_outbox (
  place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  emergency text NOT NULL REFERENCES territory.emergencies (id),
  event text NOT NULL,
  message jsonb NOT NULL,
  made timestamptz NOT NULL DEFAULT now(),
  due timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  UNIQUE (emergency, event)
);

-- Down Migration

DROP TABLE territory.webhook_outbox;
