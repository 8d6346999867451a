// Two weeks of history that never happened, written through the same store as the true one, so that the stand-up page
// of a demo or of a test has something to compare with. Its marks say `seeded`, and the page says so.
import { readFile } from 'node:fs/promises';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Departments that are searched for, the most asked first; what is asked for the n-th falls with n. */
const DEPARTMENTS = '75 69 13 59 33 31 44 92 93 94 78 34 06 35 67 38 77 95 91 76 62 57 83 42 30 29 45 54 49 21'.split(
  ' ',
);
const ENDPOINTS = { search: 0.86, count: 0.08, msearch: 0.06 };
const UNKNOWN = ['COM:69500', 'COM:75000', 'DEP:96', 'COM:13055A'];

/** Requests an hour on an ordinary workday, by the hour of the day; a bit of night work, a dip at noon. */
const BY_HOUR = [2, 1, 1, 1, 1, 2, 6, 18, 52, 78, 84, 76, 58, 66, 82, 84, 78, 62, 34, 22, 16, 12, 8, 4];

/** A generator of numbers in [0, 1) that gives the same ones every time (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Communes of a department that were merged into others, which the official map still knows by name. */
async function mergedCommunes(tree, department) {
  const file = new URL('../../node_modules/@etalab/decoupage-administratif/data/communes.json', import.meta.url);
  const names = new Map(JSON.parse(await readFile(file, 'utf8')).map(({ code, nom }) => [`COM:${code}`, nom]));
  const merged = [];
  for (const [code, successors] of tree.formerCodes()) {
    const label = names.get(code);
    if (code.startsWith(`COM:${department}`) && label !== undefined)
      merged.push({ code, label, change: 'removed', others: successors });
  }
  return merged;
}

/**
 * Seeds an empty history: `days` of ordinary traffic, and one fault. Yesterday at 09:12 a map came into use that lost
 * communes of the Rhône; since then many searches there have no hits.
 *
 * @param {object} options
 * @param {{ folder: string } | { url: string }} options.place where the history lies; no proxy may have it open
 * @param {import('../../dist/index.js').TerritoryTree} options.tree the one in use
 * @param {string} [options.timeZone] of the people whose days these are: the one of the proxy's pages, which has a default
 * @param {number} [options.now] milliseconds since 1970: where the seeded history ends
 * @param {number} [options.days]
 * @param {boolean} [options.fault] whether the fault is in it
 * @param {number} [options.seed]
 * @returns {Promise<{ treeAt: number }>} when the map came
 */
export async function seedHistory({ place, tree, timeZone, now = Date.now(), days = 16, fault = true, seed = 7 }) {
  const [{ openDatabase }, { DatabaseHistoryStore }, { Quantiles }, { LocalClock }, { loadConfig }] = await Promise.all(
    [
      import('../../dist/store/open-database.js'),
      import('../../dist/store/history-store.js'),
      import('../../dist/stats/quantiles.js'),
      import('../../dist/stats/anomalies/local-clock.js'),
      import('../../dist/config/load.js'),
    ],
  );
  const clock = new LocalClock(timeZone ?? loadConfig({ environment: {} }).timeZone);
  const next = random(seed);
  const around = (value, spread = 0.12) => value * (1 + spread * (next() + next() + next() - 1.5));
  const whole = (value) => Math.max(0, Math.floor(value + next()));
  const yesterday = Math.floor(clock.hourOf(now - DAY) / 24) * 24;
  const treeAt = clock.timeOf(yesterday + 9) + 12 * MINUTE;
  const sketch = (count, middle, scale) => {
    const quantiles = new Quantiles();
    // A hundred values stand for all: the shape is what is kept.
    for (let i = 0; i < Math.min(count, 100); i += 1)
      quantiles.record(middle * scale * Math.exp(0.5 * (next() + next() + next() - 1.5) * 2));
    return quantiles.encode();
  };

  const points = [];
  const begin = Math.floor((now - days * DAY) / HOUR) * HOUR;
  for (let hour = begin; hour < now; hour += HOUR) {
    const local = clock.hourOf(hour);
    const weekend = LocalClock.dayClass(local) === 'work' ? 1 : 0.22;
    const part = Math.min(1, (now - hour) / HOUR);
    const requests = whole(around(BY_HOUR[local % 24] * 40 * weekend) * part);
    const time = Math.floor((hour + (part * HOUR) / 2) / MINUTE) * MINUTE;
    const add = (name, key, count, sum = count, more = {}) => {
      if (count > 0) points.push({ name, key, time, count, sum, ...more });
    };
    for (const [endpoint, share] of Object.entries(ENDPOINTS)) {
      add('requests', endpoint, whole(requests * share));
      add('rewritten', endpoint, whole(requests * share * 0.8));
    }
    const searches = Math.round(requests * 0.78);
    const weights = DEPARTMENTS.map((_, i) => 1 / (i + 2));
    const sum = weights.reduce((a, b) => a + b, 0);
    for (const [i, department] of DEPARTMENTS.entries()) {
      const asked = whole(around((searches * weights[i]) / sum));
      const lost =
        fault && department === '69' && hour + HOUR > treeAt ? 0.38 * Math.min(1, (hour + HOUR - treeAt) / HOUR) : 0;
      add('searches', `DEP:${department}`, asked);
      add('no_hits', `DEP:${department}`, Math.min(asked, whole(asked * (around(0.034, 0.25) + lost))));
    }
    add('hits', '', searches, Math.round(searches * around(212)));
    const hits = Math.round(searches * around(0.93, 0.02));
    add('cache_hits', '', Math.min(hits, searches));
    add('cache_misses', '', Math.max(0, searches - hits));
    for (const [i, code] of UNKNOWN.entries()) {
      const count = whole((requests * 0.0016) / (i + 1));
      add('unknown', code, count);
      add('errors', 'unknown_unit_exception', count);
    }
    add('former', 'COM:69232', whole(requests * 0.004));
    add('rewrite_seconds', '', searches, searches * 0.00011, { sketch: sketch(searches, around(0.00011), 1e6) });
    add('upstream_seconds', '', requests, requests * 0.014, { sketch: sketch(requests, around(0.014), 1e6) });
    add('took_seconds', '', searches, searches * 0.011, { sketch: sketch(searches, around(0.011), 1e3) });
    add('expansion_terms', '', searches, searches * 26, { sketch: sketch(searches, around(26), 1) });
  }

  const levels = tree.levelCounts();
  const merged = await mergedCommunes(tree, '69');
  const before = { ...levels, COM: levels.COM + 68 };
  const older = 'a1c93e07d2b45f68';
  const seeded = { seeded: true };
  const marks = [
    {
      time: begin,
      kind: 'tree',
      text: 'the first tree of this history',
      data: { ...seeded, to: older, levels: before, added: {}, removed: {} },
    },
    ...(fault
      ? [
          {
            time: treeAt - 40 * MINUTE,
            kind: 'delivery',
            text: 'a delivery removed 68 communes of the Rhône',
            data: { ...seeded, REMOVE: 68 },
          },
        ]
      : []),
    {
      time: treeAt,
      kind: 'tree',
      text: fault ? 'tree changed: 68 communes removed' : 'tree changed',
      data: {
        ...seeded,
        from: older,
        to: tree.version,
        levels,
        levelsBefore: before,
        added: {},
        removed: { COM: 68 },
        units: merged.slice(0, 50),
      },
    },
  ];

  const database = openDatabase(place);
  try {
    const store = new DatabaseHistoryStore(database, () => now);
    for (let at = 0; at < points.length; at += 20_000) await store.write(points.slice(at, at + 20_000));
    for (const mark of marks) await store.mark(mark);
  } finally {
    await database.close();
  }
  return { treeAt };
}
