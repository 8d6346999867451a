// A process that writes batches into the history in an embedded database, one after the other, until it is killed. It
// tells first what it found there, then the number of each batch that was written: `{found}`, `{written}`.

import { Quantiles } from '../../../dist/stats/quantiles.js';
import { DatabaseHistoryStore } from '../../../dist/store/history-store.js';
import { openDatabase } from '../../../dist/store/open-database.js';

const [folder, writer, keys] = process.argv.slice(2);
const database = openDatabase({ folder });
const store = new DatabaseHistoryStore(database);
const sketch = new Quantiles();
for (let value = 1; value < 5000; value += 7) sketch.record(value);
const encoded = sketch.encode();

const found = {};
for (const step of ['minute', 'hour', 'day']) {
  const points = await store.read({ from: 0, to: Date.now() + 1, step });
  const sums = new Map();
  for (const { name, key, count } of points) sums.set(`${name} ${key}`, (sums.get(`${name} ${key}`) ?? 0) + count);
  found[step] = [...new Set(sums.values())];
}
found.marks = (await store.marks(0, Date.now() + 1)).length;
process.send({ found });

for (let sequence = 1; ; sequence += 1) {
  const time = Math.floor(Date.now() / 60_000) * 60_000;
  const points = Array.from({ length: Number(keys) }, (_, i) => ({
    name: 'unknown',
    key: `COM:${i}`,
    time,
    count: 1,
    sum: 1,
  }));
  points.push({ name: 'took_seconds', key: '', time, count: 1, sum: 1, sketch: encoded });
  await store.write(points, { writer, sequence });
  process.send({ written: sequence });
  await store.mark(
    { time: Date.now(), kind: 'start', text: writer, data: { sequence } },
    { writer: `${writer} marks`, sequence },
  );
  // What it does once an hour is done all the time, so that it is killed in the middle of that too.
  if (sequence % 5 === 0) await store.tidy(Date.now());
}
