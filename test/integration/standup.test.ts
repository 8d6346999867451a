import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerritoryTree } from '../../src/files/tree.js';
import type { StandupReport } from '../../src/stats/anomalies/standup.js';
import { type RecordingElasticsearch, startRecording } from './support/recording-elasticsearch.js';
import { smallTree } from './support/small-tree.js';
import { startProxy, until } from './support/territory-proxy.js';

const CONFIG = 'indices: { "articles*": { units: territories, ancestors: path } }\n';
const MINUTE = 60_000;
/** More communes than may be groups of their own, so that a department is one. */
const TOWNS = Array.from({ length: 300 }, (_, i) => `COM:69${String(i + 1).padStart(3, '0')}`);

/** The small map without the Rhône and all that lies in it. */
function withoutRhone(): TerritoryTree {
  const before = smallTree(TOWNS);
  const left = [...before.units()].filter(({ code }) => !/:69/.test(code));
  return TerritoryTree.build(left, { partitions: before.partitions });
}

describe('the stand-up of a running proxy', () => {
  let folder: string;
  let stub: RecordingElasticsearch;
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  let environment: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'territory-standup-'));
    stub = await startRecording();
    environment = {
      ELASTICSEARCH_URL: stub.url,
      TERRITORY_TREE: join(folder, 'map.tree'),
      TERRITORY_CONFIG: join(folder, 'config.yaml'),
    };
    await writeFile(join(folder, 'config.yaml'), CONFIG);
    await smallTree(TOWNS).save(join(folder, 'map.tree'));
  });

  afterEach(async () => {
    proxy.child.kill('SIGTERM');
    await proxy.ended;
  });

  afterAll(async () => {
    await stub.close();
    await rm(folder, { recursive: true });
  });

  const search = (codes: readonly string[]) =>
    fetch(`${proxy.url}/articles/_search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: { territory: { codes } } }),
    });
  const api = async (path: string, method = 'GET', body?: object) => {
    const answer = await fetch(`${proxy.url}/_territory/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.text() };
  };
  const standup = async () => JSON.parse((await api('standup')).body) as StandupReport;

  it('tells in words, within a minute of the first searches that suffer, that a new tree lost a department', async () => {
    proxy = await startProxy(environment);
    for (let i = 0; i < 30; i++) expect((await search(['COM:69123'])).status).toBe(200);
    await until(async () => (await standup()).at > 0, MINUTE);
    await withoutRhone().save(join(folder, 'next.tree'));
    await rename(join(folder, 'next.tree'), join(folder, 'map.tree'));
    await until(async () => (await search(['COM:69123'])).status === 400);
    const suffered = Date.now();
    await search(['COM:69123']);
    let report = await standup();
    await until(async () => {
      report = await standup();
      return report.anomalies.some(({ key }) => key === 'DEP:69');
    }, MINUTE);
    const took = Date.now() - suffered;
    const [anomaly] = report.anomalies;
    process.stdout.write(`after ${took} ms: ${anomaly?.sentence.en}\n${anomaly?.sentence.fr}\n`);
    expect(took).toBeLessThan(MINUTE);
    expect(report.state).toBe('look');
    expect(anomaly).toMatchObject({ series: 'unknown_groups', key: 'DEP:69', severity: 2, cause: { kind: 'tree' } });
    expect(anomaly?.sentence.en).toMatch(
      /^Codes that the map no longer knows, for units in DEP:69 \(Rhône\): 100 % since \w+ \d\d:\d\d, before 0 %; the tree changed on \w+ \d\d:\d\d \(.*removed.*\)/,
    );
    expect(report.marks.some(({ kind, data }) => kind === 'tree' && (data.removed as { DEP?: number }).DEP === 1)).toBe(
      true,
    );
    expect(report.learning?.en).toMatch(/^Learning: 0 of 14 days of history are there/);
  });

  it('shows an emergency, fills its timeline by itself, tells the webhook, and keeps it over a restart', async () => {
    const told: { text: string; event: string }[] = [];
    const chat = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        told.push(JSON.parse(text));
        response.end();
      });
    });
    await new Promise<void>((resolve) => chat.listen(0, '127.0.0.1', resolve));
    const { port } = chat.address() as AddressInfo;
    const settings = { ...environment, EMERGENCY_WEBHOOK: `http://127.0.0.1:${port}/hook` };
    proxy = await startProxy(settings);
    const declared = await api('emergencies', 'POST', { by: 'Ada', title: 'The Rhône is gone', severity: 'critical' });
    expect(declared.status).toBe(201);
    const { id } = JSON.parse(declared.body);
    await until(() => told.length === 1);
    expect(told[0]).toMatchObject({
      event: 'declared',
      text: 'Emergency declared (critical) by Ada: The Rhône is gone',
    });
    await until(async () => (await standup()).state === 'emergency');
    await until(async () => (await api(`emergencies/${id}`)).body.includes('"kind":"tree"'), MINUTE);
    await api(`emergencies/${id}`, 'PATCH', { by: 'Ada', revision: 1, responsible: 'Grace' });

    proxy.child.kill('SIGKILL');
    await proxy.ended;
    proxy = await startProxy(settings);
    const steps = { diagnosis: { done: true, answer: 'A bad file' }, resolved: { done: true, answer: 'Seen' } };
    expect((await api(`emergencies/${id}`, 'PATCH', { by: 'Grace', revision: 2, steps })).status).toBe(200);
    const closing = { by: 'Grace', revision: 3, cause: 'A bad file', followUp: 'An audit before each swap' };
    expect((await api(`emergencies/${id}/close`, 'POST', closing)).status).toBe(200);
    await until(() => told.length === 2);
    const { body } = await api(`emergencies/${id}/post-mortem.md`);
    expect(body).toContain('- Responsible: Grace');
    expect(body).toMatch(/\*filled in by itself\*: new tree \w+: \d/);
    expect(body).toContain('the webhook was told');
    await new Promise((resolve) => chat.close(resolve));
  });
});
