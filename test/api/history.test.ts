import request from 'supertest';
import { neededFrom } from '../../src/api/web/range.js';
import { WallClock } from '../../src/api/web/wall-clock.js';
import type { ToldMark } from '../../src/stats/anomalies/standup.js';
import type { Mark } from '../../src/stats/history/types.js';
import { Quantiles } from '../../src/stats/quantiles.js';
import { KEYS_KEPT } from '../../src/store/history-store.js';
import { refused, rewritten } from '../stats/records.js';
import { type TestApi, testApi, tree } from './services.js';

const HOST = 'localhost';
const HOUR = 3_600_000;

describe('GET history', () => {
  let api: TestApi;
  const get = (path: string) => request(api.app).get(`/_territory/${path}`).set('Host', HOST);

  beforeEach(() => {
    api = testApi();
  });

  it('gives points by series, with the quantiles of values in the unit of the series', async () => {
    const sketch = new Quantiles();
    for (const micros of [1000, 2000, 250_000]) sketch.record(micros);
    api.history.points = [
      { name: 'requests', key: 'msearch', time: 0, count: 1, sum: 1 },
      { name: 'requests', key: 'search', time: 0, count: 3, sum: 3 },
      { name: 'requests', key: 'search', time: HOUR, count: 4, sum: 4 },
      { name: 'upstream_seconds', key: '', time: 0, count: 3, sum: 0.253, sketch: sketch.encode() },
    ];
    const { body } = await get('history?series=requests,upstream_seconds&from=0&to=7200000&step=hour').expect(200);
    expect(body).toMatchObject({ step: 'hour', from: 0, to: 2 * HOUR });
    expect(body.series.slice(0, 2)).toEqual([
      { name: 'requests', key: 'msearch', unit: 'requests', kind: 'events', points: [[0, 1, 1]] },
      {
        name: 'requests',
        key: 'search',
        unit: 'requests',
        kind: 'events',
        points: [
          [0, 3, 3],
          [HOUR, 4, 4],
        ],
      },
    ]);
    const [[, count, sum, p50, p99]] = body.series[2].points;
    expect([count, sum]).toEqual([3, 0.253]);
    expect(p50).toBeCloseTo(0.002, 4);
    expect(p99).toBeCloseTo(0.25, 2);
    expect(api.history.asked[0]).toEqual({
      names: ['requests', 'upstream_seconds'],
      keys: undefined,
      total: false,
      most: 300_001,
      from: 0,
      to: 2 * HOUR,
      step: 'hour',
    });
  });

  it('takes the finest step that is kept and that a screen can show', async () => {
    const steps = [];
    for (const from of ['-1d', '-40h', '-3d', '-8w', '-12w', '-400w']) {
      steps.push((await get(`history?from=${from}`).expect(200)).body.step);
    }
    expect(steps).toEqual(['minute', 'minute', 'hour', 'hour', 'day', 'day']);
    const { from, to } = api.history.asked[1]!;
    expect(to - from).toBe(40 * HOUR);
  });

  it.each([
    ['series=nonsense', /series/],
    ['from=yesterday', /\[from\]: must be milliseconds since 1970, a date or how long ago \(-2d\), not "yesterday"/],
    ['step=second', /step/],
    ['from=0&step=minute', /may span 3000 steps/],
    ['size=1', /unrecognized|size/],
  ])('refuses %s', async (query, reason) => {
    const { body } = await get(`history?${query}`).expect(400);
    expect(body.error.reason).toMatch(reason);
  });

  it('refuses to give more points than fit into the memory of a proxy, and says how to ask for fewer', async () => {
    const point = { name: 'unknown', key: '', time: 0, count: 1, sum: 1 } as const;
    api.history.points = new Array(300_001).fill(point);
    const { body } = await get('history?from=-2d&step=minute').expect(400);
    expect(body.error.reason).toMatch(/more than 300000 points; name \[series\]/);
    // No more were read than show that there are too many.
    expect(api.history.asked.at(-1)?.most).toBe(300_001);
    api.history.points.pop();
    await get('history?from=-2d&step=minute').expect(200);
  });

  it('has room for the longest chart of a page, with as many keys as an hour keeps', async () => {
    const clock = new WallClock('Europe/Paris');
    const evening = clock.midnight(Date.now()) + 24 * HOUR - 1;
    const hours = Math.ceil((evening - neededFrom('week', evening, clock)) / HOUR);
    const point = { name: 'tag_faults', key: '', time: 0, count: 1, sum: 1 } as const;
    api.history.points = new Array(hours * (KEYS_KEPT.hour + 1)).fill(point);
    await get('history?series=tag_faults&from=-36d&step=hour').expect(200);
  });

  it('says that the database is away, where it is', async () => {
    api.history.broken = new Error('connect ECONNREFUSED');
    for (const path of ['history', 'marks', 'trees']) {
      const { body } = await get(path).expect(503);
      expect(body.error).toMatchObject({
        type: 'territory_history_exception',
        reason: expect.stringMatching(/can't be read/),
      });
    }
    expect((await get('stats').expect(200)).body.history).toEqual({ store: 'embedded', ok: false, waiting: 0 });
  });
});

describe('GET marks', () => {
  it('tells what happened in the whole range that a chart shows, not in the last days alone', async () => {
    const api = testApi();
    const now = Date.now();
    const mark = (days: number, kind: Mark['kind']): Mark => ({
      time: now - days * 24 * HOUR,
      kind,
      text: '',
      data: {},
    });
    api.history.written = [mark(27, 'tree'), mark(20, 'delivery'), mark(1, 'start')];
    const path = '/_territory/marks?from=-28d&kind=tree,delivery,emergency';
    const { body } = await request(api.app).get(path).set('Host', HOST).expect(200);
    expect(body.marks.map(({ kind, sentence }: ToldMark) => [kind, sentence.fr])).toEqual([
      ['tree', expect.stringContaining('nouvelle carte')],
      ['delivery', 'une livraison est arrivée'],
    ]);
  });

  it('leaves out the oldest of a thousand deliveries, and no tree', async () => {
    const api = testApi();
    const now = Date.now();
    api.history.written = [
      { time: now - HOUR, kind: 'tree', text: '', data: { to: 'b' } },
      ...Array.from({ length: 1000 }, (_, i): Mark => ({ time: now - 1000 + i, kind: 'delivery', text: '', data: {} })),
    ];
    const { body } = await request(api.app).get('/_territory/marks').set('Host', HOST).expect(200);
    expect([body.marks.length, body.left, body.marks[0].kind]).toEqual([501, 500, 'tree']);
    expect(body.marks.at(-1).time).toBe(now - 1);
  });

  it('tells what happened in words, each event once', async () => {
    const api = testApi();
    const removed = { from: 'a', to: 'b', levels: {}, added: {}, removed: { COM: 68 }, seeded: true };
    const treeMark = { time: 20, kind: 'tree', text: 'changed', data: removed, key: 'tree b' } as const;
    api.history.written = [
      { time: 30, kind: 'emergency', text: 'An emergency was declared', data: { what: 'declared' } },
      treeMark,
      { ...treeMark, time: 21 },
    ];
    const { body } = await request(api.app).get('/_territory/marks?from=0').set('Host', HOST).expect(200);
    expect(body.marks).toMatchObject([
      {
        time: 20,
        kind: 'tree',
        sentence: { en: 'new tree b: 68 communes removed', fr: expect.stringContaining('68 communes') },
        data: { seeded: true },
      },
      {
        time: 30,
        kind: 'emergency',
        sentence: { en: 'an emergency was declared', fr: 'une urgence a été déclarée' },
      },
    ]);
  });
});

describe('POST deliveries', () => {
  const tell = (api: TestApi, body: object) =>
    request(api.app).post('/_territory/deliveries').set('Host', HOST).set('Authorization', 'Bearer secret').send(body);

  it('counts what a loader delivered, once, with the admin right alone', async () => {
    const api = testApi({ token: 'secret' });
    const delivery = { id: '2026-11-26', source: 'cog', changes: { CREATE: 8, REMOVE: 68 } };
    await request(api.app).post('/_territory/deliveries').set('Host', HOST).send(delivery).expect(401);
    expect((await tell(api, delivery).expect(202)).body).toEqual({ counted: true });
    expect((await tell(api, delivery).expect(202)).body).toEqual({ counted: false });
    expect(api.history.points.map(({ name, key, count }) => [name, key, count])).toEqual([
      ['deliveries', 'CREATE', 8],
      ['deliveries', 'REMOVE', 68],
    ]);
    const { body } = await request(api.app).get('/_territory/marks').set('Host', HOST).expect(200);
    expect(body.marks.map(({ sentence }: ToldMark) => sentence)).toEqual([
      {
        en: 'a delivery came (cog): 8 CREATE and 68 REMOVE',
        fr: 'une livraison est arrivée (cog) : 8 CREATE et 68 REMOVE',
      },
    ]);
  });

  it('counts that one came, also where it brought nothing', async () => {
    const api = testApi({ token: 'secret' });
    await tell(api, { changes: {} }).expect(202);
    expect(api.history.points).toEqual([{ name: 'deliveries', key: 'NONE', time: 0, count: 1, sum: 0 }]);
  });

  it('refuses what is no delivery, and counts nothing while nobody can know whether it was told before', async () => {
    const api = testApi({ token: 'secret' });
    await tell(api, { changes: { CREATE: -1 } }).expect(400);
    await tell(api, { changes: { DELETE: 1 } }).expect(400);
    await tell(api, { source: 'c\0og', changes: {} }).expect(400);
    await tell(api, { id: '\ud800', changes: {} }).expect(400);
    api.history.broken = new Error('connect ECONNREFUSED');
    await tell(api, { id: 'a', changes: { AMEND: 1 } }).expect(503);
    api.history.broken = undefined;
    expect((await tell(api, { id: 'a', changes: { AMEND: 1 } }).expect(202)).body).toEqual({ counted: true });
    expect(api.history.points).toHaveLength(1);
  });
});

describe('GET trees', () => {
  it('tells the trees that were in use, the newest first, with what changed', async () => {
    const api = testApi();
    const units = [{ code: 'COM:69123', label: 'Lyon', change: 'removed', others: [] }];
    api.history.written = [
      { time: 10, kind: 'tree', text: 'begins', data: { to: 'a', levels: { COM: 9 }, added: {}, removed: {} } },
      {
        time: 20,
        kind: 'tree',
        text: 'changed',
        data: { from: 'a', to: tree.version, levels: { COM: 8 }, added: {}, removed: { COM: 1 }, units },
      },
    ];
    const { body } = await request(api.app).get('/_territory/trees').set('Host', HOST).expect(200);
    expect(body.trees).toEqual([
      {
        version: tree.version,
        since: 20,
        current: true,
        source: 'france.tree',
        units: 8,
        levels: { COM: 8 },
        diff: { from: 'a', added: {}, removed: { COM: 1 }, units, text: 'changed' },
      },
      { version: 'a', since: 10, until: 20, current: false, units: 9, levels: { COM: 9 } },
    ]);
  });

  it('tells of the tree in use where there is no history', async () => {
    const { body } = await request(testApi().app).get('/_territory/trees').set('Host', HOST).expect(200);
    expect(body.trees).toHaveLength(1);
    expect(body.trees[0]).toMatchObject({ version: tree.version, current: true, units: tree.unitCount });
  });
});

describe('GET queries', () => {
  it('gives the last requests with the admin right alone, the newest first', async () => {
    const api = testApi({ token: 'secret' });
    for (let i = 1; i <= 12; i++) api.queries.request(rewritten({ time: i }, [{ codes: [`COM:${i}`] }]));
    api.queries.request({ ...refused(['COM:234']), time: 13 });
    const get = () => request(api.app).get('/_territory/queries?size=3').set('Host', HOST);
    await get().expect(401);
    const { body } = await get().set('Authorization', 'Bearer secret').expect(200);
    expect(body.queries.map(({ time, codes }: { time: number; codes: string[] }) => [time, codes])).toEqual([
      [13, ['COM:234']],
      [12, ['COM:12']],
      [11, ['COM:11']],
    ]);
    expect(body.queries[1]).toMatchObject({ outcome: 'rewritten', line: { http: { response: { status_code: 200 } } } });
  });

  it('holds small lines in place of a request with a hundred thousand codes', () => {
    const { queries } = testApi();
    queries.request(rewritten({ time: 1 }, [{ codes: Array.from({ length: 100_000 }, (_, i) => `COM:${i}`) }]));
    expect(JSON.stringify(queries.last(1)).length).toBeLessThan(5_000);
    expect(queries.take()).toHaveLength(1);
    expect(queries.last(5)).toEqual([]);
  });
});
