import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEmergencyPolicy } from '../../src/config/emergency-policy.js';
import { Emergencies } from '../../src/stats/emergencies/emergencies.js';
import { DatabaseEmergencyStore } from '../../src/store/emergency-store.js';
import type { ManagedDatabase } from '../../src/store/managed-database.js';
import { openDatabase } from '../../src/store/open-database.js';
import { startPostgres, type TestPostgres } from './support/postgres.js';

const declaration = { by: 'Ada', title: `No hits: 'quoted', "twice", \\ and é`, severity: 'critical' };
const policy = readEmergencyPolicy(null);

let postgres: TestPostgres;
let folder: string;

beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'territory-emergencies-'));
});

afterAll(async () => {
  await postgres.remove();
  await rm(folder, { recursive: true });
});

describe.each([
  ['Postgres', () => openDatabase({ url: postgres.url })],
  ['the embedded database', () => openDatabase({ folder: join(folder, 'embedded') })],
])('emergencies in %s', (_name, open) => {
  let database: ManagedDatabase;
  let one: Emergencies;
  let other: Emergencies;

  beforeAll(() => {
    database = open();
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    await database.query('TRUNCATE territory.emergencies CASCADE');
    // Two proxies on one database.
    const emergencies = () =>
      new Emergencies({
        store: new DatabaseEmergencyStore(database),
        policy,
        failed: (error) => {
          throw error;
        },
      });
    one = emergencies();
    other = emergencies();
  });

  it('are kept as they were written, and read by every proxy', async () => {
    const { id, declared } = await one.declare(declaration);
    await one.change(id, { by: 'Ada', revision: 1, responsible: 'Grace', note: 'first' });
    const steps = { diagnosis: { done: true, answer: 'bad file' }, resolved: { done: true } };
    await other.change(id, { by: 'Grace', revision: 2, steps });
    const read = await one.get(id);
    expect(read).toMatchObject({ revision: 3, title: declaration.title, responsible: 'Grace', declared });
    expect(await other.current()).toMatchObject({ id, title: declaration.title, responsible: 'Grace' });
    await one.close(id, { by: 'Grace', revision: 3, cause: 'c', followUp: 'f' });
    expect(await other.current()).toBeUndefined();
    const next = await other.declare({ ...declaration, title: 'another' });
    const { open, emergencies } = await one.list();
    expect(open?.id).toBe(next.id);
    expect(emergencies.map((emergency) => emergency.id)).toEqual([next.id, id]);
  });

  it('are at most one that is open, however many declare at once', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => (i % 2 ? one : other).declare(declaration)),
    );
    const made = all.filter(({ status }) => status === 'fulfilled');
    expect(made).toHaveLength(1);
    const { id } = (made[0] as PromiseFulfilledResult<{ id: string }>).value;
    for (const result of all)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ status: 409, id });
    expect((await one.list()).emergencies).toHaveLength(1);
  });

  it('lose no change that two made at once: one is refused, and no event is without its revision', async () => {
    const { id } = await one.declare(declaration);
    const names = ['Ada', 'Bob', 'Cy', 'Dee'];
    const all = await Promise.allSettled(
      names.map((name, i) => (i % 2 ? one : other).change(id, { by: name, revision: 1, responsible: name })),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { revision, timeline, responsible } = await one.get(id);
    expect(revision).toBe(2);
    expect(timeline.filter(({ kind }) => kind === 'changed').map(({ by }) => by)).toEqual([responsible]);
  });

  it('have a timeline that is filled once, by whichever proxy looks', async () => {
    const { id } = await one.declare(declaration);
    const sentence = { en: 'a delivery came: 12 changes', fr: 'une livraison est arrivée' };
    const mark = { kind: 'delivery' as const, time: Date.now() - 60_000, text: '12 changes', data: {}, sentence };
    const report = { marks: [mark], anomalies: [], emergency: { severity: 'critical', since: Date.now(), id } };
    await Promise.all([one.fillFrom(report), other.fillFrom(report)]);
    expect((await one.get(id)).timeline.map(({ kind, text }) => [kind, text.en])).toEqual([
      ['delivery', sentence.en],
      ['declared', `declared (critical): ${declaration.title}`],
    ]);
  });
});

it('a Postgres that is gone is a 503, and afterwards all goes on where it was', async () => {
  const database = openDatabase({ url: postgres.url });
  const failures: unknown[] = [];
  const emergencies = new Emergencies({
    store: new DatabaseEmergencyStore(database),
    policy,
    failed: (error) => void failures.push(error),
  });
  await database.query('TRUNCATE territory.emergencies CASCADE');
  const { id } = await emergencies.declare(declaration);
  await postgres.kill();
  await expect(emergencies.change(id, { by: 'Ada', revision: 1, responsible: 'Ada' })).rejects.toMatchObject({
    status: 503,
  });
  await expect(emergencies.list()).rejects.toMatchObject({ status: 503 });
  expect(failures.length).toBeGreaterThan(1);
  await postgres.start();
  const { revision } = await emergencies.change(id, { by: 'Ada', revision: 1, responsible: 'Ada' });
  expect(revision).toBe(2);
  await database.close();
});
