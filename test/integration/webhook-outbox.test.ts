import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEmergencyPolicy } from '../../src/config/emergency-policy.js';
import { Announcer } from '../../src/stats/emergencies/announcer.js';
import { Emergencies } from '../../src/stats/emergencies/emergencies.js';
import type { NoticeMessage } from '../../src/stats/emergencies/notice.js';
import { Webhook } from '../../src/stats/emergencies/webhook.js';
import { DatabaseEmergencyStore } from '../../src/store/emergency-store.js';
import type { ManagedDatabase } from '../../src/store/managed-database.js';
import { openDatabase } from '../../src/store/open-database.js';
import { DatabaseOutbox } from '../../src/store/webhook-outbox.js';
import { startPostgres, type TestPostgres } from './support/postgres.js';
import { smallTree } from './support/small-tree.js';
import { startProxy, until } from './support/territory-proxy.js';

const policy = readEmergencyPolicy(null);
const declaration = { by: 'Ada', title: 'The Rhône is gone', severity: 'critical' };

let postgres: TestPostgres;
let folder: string;
let chat: Server;
/** What came, but for what was sent to another address than the last. */
let told: NoticeMessage[];
let address: string;
let answer: number;

beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'territory-outbox-'));
});
afterAll(async () => {
  await postgres.remove();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  told = [];
  address = '/hook';
  answer = 200;
  chat = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      if (request.url === address) told.push(JSON.parse(text));
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => chat.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  chat.closeAllConnections();
  await new Promise((resolve) => chat.close(resolve));
});

const hook = () => `http://127.0.0.1:${(chat.address() as AddressInfo).port}${address}`;

describe.each([
  ['Postgres', () => openDatabase({ url: postgres.url })],
  ['the embedded database', () => openDatabase({ folder: join(folder, 'embedded') })],
])('the outbox in %s', (_name, open) => {
  let database: ManagedDatabase;
  let outbox: DatabaseOutbox;
  let emergencies: Emergencies;
  const announcers: Announcer[] = [];

  beforeAll(() => {
    database = open();
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    await database.query('TRUNCATE territory.emergencies CASCADE');
    outbox = new DatabaseOutbox(database);
    emergencies = new Emergencies({
      store: new DatabaseEmergencyStore(database),
      policy,
      announce: () => undefined,
      failed: (error) => {
        throw error;
      },
    });
  });
  afterEach(async () => {
    await Promise.all(announcers.splice(0).map((announcer) => announcer.stop()));
  });

  const announcer = () => {
    const made = new Announcer({
      outbox: new DatabaseOutbox(database),
      webhook: new Webhook(new URL(hook())),
      told: () => undefined,
      failed: (error) => {
        throw error;
      },
      pausesMs: [1],
    });
    announcers.push(made);
    return made;
  };
  const waiting = async () =>
    (await database.query<{ count: number }>('SELECT count(*)::int AS count FROM territory.webhook_outbox'))[0]?.count;
  const declareAndClose = async () => {
    const { id } = await emergencies.declare(declaration);
    const steps = { diagnosis: { done: true, answer: 'a' }, resolved: { done: true, answer: 'b' } };
    await emergencies.change(id, { by: 'Ada', revision: 1, steps });
    await emergencies.close(id, { by: 'Ada', revision: 2, cause: 'c', followUp: 'f' });
    return id;
  };

  it('holds a notice with the change it tells of, and none of a change that was refused', async () => {
    const { id } = await emergencies.declare(declaration);
    await expect(emergencies.declare(declaration)).rejects.toMatchObject({ status: 409 });
    expect(await waiting()).toBe(1);
    // A notice that can't be kept takes the change with it.
    await database.query('ALTER TABLE territory.webhook_outbox RENAME TO away');
    const store = new DatabaseEmergencyStore(database);
    const closing = { kind: 'closed', time: 1, by: 'Ada', data: { cause: 'c', followUp: 'f' } } as const;
    const notice = { id: `${id}:closed`, text: '', event: 'closed', emergency: { ...declaration, id } };
    await expect(store.append(id, 1, closing, notice as unknown as NoticeMessage)).rejects.toThrow(/webhook_outbox/);
    await database.query('ALTER TABLE territory.away RENAME TO webhook_outbox');
    expect(await emergencies.get(id)).toMatchObject({ revision: 1 });
  });

  it('is told once each by several proxies at once, the declaration before the end', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) ids.push(await declareAndClose());
    const several = Array.from({ length: 4 }, announcer);
    for (const one of several) one.wake();
    await until(async () => (await waiting()) === 0);
    await Promise.all(announcers.map((one) => one.stop()));
    expect(told.map(({ id }) => id).sort()).toEqual(ids.flatMap((id) => [`${id}:closed`, `${id}:declared`]).sort());
    for (const id of ids) {
      const ofIt = told.filter(({ emergency }) => emergency.id === id);
      expect(ofIt.map(({ event }) => event)).toEqual(['declared', 'closed']);
    }
    const { timeline } = await emergencies.get(ids[0]!);
    expect(timeline.filter(({ kind }) => kind === 'webhook')).toHaveLength(2);
  });

  it('gives a notice again whose taker died, with the same id, and to nobody else before', async () => {
    await emergencies.declare(declaration);
    // One who takes it for a moment, and is not heard of again.
    const first = await outbox.take(1);
    const FOR_LONG = 3_600_000;
    let second: Awaited<ReturnType<DatabaseOutbox['take']>>;
    await until(async () => {
      second = await outbox.take(FOR_LONG);
      return second !== undefined;
    });
    expect(second?.message).toEqual(first?.message);
    expect([first?.attempt, second?.attempt]).toEqual([1, 2]);
    expect(await outbox.take(FOR_LONG)).toBeUndefined();
  });

  it('is told by itself once the chat is there again', async () => {
    answer = 503;
    await emergencies.declare(declaration);
    announcer().wake();
    await until(() => told.length >= 2);
    answer = 200;
    await until(async () => (await waiting()) === 0);
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  });
});

describe.each(['Postgres', 'the embedded database'])('a proxy on %s that was killed', (kind) => {
  it('before its webhook could be told has it told by the next one, once', async () => {
    const place = await mkdtemp(join(folder, 'killed-'));
    await writeFile(join(place, 'config.yaml'), JSON.stringify({ indices: {}, history: { writeEveryMs: 200 } }));
    await smallTree().save(join(place, 'map.tree'));
    const settings = {
      ELASTICSEARCH_URL: 'http://127.0.0.1:1',
      TERRITORY_TREE: join(place, 'map.tree'),
      TERRITORY_CONFIG: join(place, 'config.yaml'),
      EMERGENCY_WEBHOOK: hook(),
      ...(kind === 'Postgres' ? { DATABASE_URL: postgres.url.replace(/postgres$/, 'template1') } : {}),
    };
    answer = 503;
    const first = await startProxy(settings);
    const declared = await fetch(`${first.url}/_territory/emergencies`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(declaration),
    });
    expect(declared.status).toBe(201);
    const { id } = (await declared.json()) as { id: string };
    await until(() => told.length > 0);
    // By now the notice is back in the outbox, most likely; else the next proxy is given it in a minute.
    await new Promise((resolve) => setTimeout(resolve, 500));
    first.child.kill('SIGKILL');
    await first.ended;
    told = [];
    answer = 200;
    // What the dead one had sent may still come.
    address = '/next';
    const second = await startProxy({ ...settings, EMERGENCY_WEBHOOK: hook() });
    const timeline = async () => (await fetch(`${second.url}/_territory/emergencies/${id}`)).text();
    await until(async () => (await timeline()).includes('the webhook was told'));
    expect(told.map((notice) => notice.id)).toEqual([`${id}:declared`]);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });
});
