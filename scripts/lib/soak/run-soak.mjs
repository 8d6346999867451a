import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.mjs';
import { OPERATIONS, PARTS } from './operations.mjs';
import { ProxyParty, Upstream } from './parties.mjs';
import { Probes } from './probes.mjs';
import { Random } from './random.mjs';
import { REAL_PARTS, realOperations } from './real-operations.mjs';
import { RealUpstream } from './real-upstream.mjs';
import { Tally } from './tally.mjs';
import { CONFIG, Truth, units } from './world.mjs';

/**
 * Mixed load on a proxy of several workers, while its tree is reloaded, its workers are killed and its upstream is
 * restarted.
 *
 * @param {{ seconds: number, clients: number, workers: number, seed: number, elasticsearch?: string,
 *   log: (line: string) => void }} options `elasticsearch` is the URL of a real one, which is not restarted
 */
export async function runSoak({ seconds, clients, workers, seed, elasticsearch, log }) {
  const { TerritoryTree } = await import('../../../dist/index.js');
  const folder = await mkdtemp(join(tmpdir(), 'territory-soak-'));
  const file = (name) => join(folder, name);
  const trees = [0, 1].map((map) => TerritoryTree.build(units(map)));
  await trees[0].save(file('map.tree'));
  // The embedded database takes its memory in its first minute: a short run would take that for growth.
  await writeFile(file('proxy.yaml'), seconds < 150 ? `${CONFIG}history: off\n` : CONFIG);
  await writeFile(file('once'), '');
  const real = elasticsearch === undefined ? undefined : new RealUpstream(elasticsearch);
  const upstream = real ?? new Upstream(await freePort(), file('once'));
  const work =
    real === undefined
      ? { operations: OPERATIONS, parts: PARTS }
      : { operations: realOperations(real.name), parts: REAL_PARTS };
  const proxy = new ProxyParty();
  const tally = new Tally();
  const probes = new Probes(file('probes'));
  let began;
  try {
    await upstream.start();
    await proxy.start({
      ELASTICSEARCH_URL: upstream.url,
      TERRITORY_TREE: file('map.tree'),
      TERRITORY_CONFIG: file('proxy.yaml'),
      WORKERS: String(workers),
      ADMIN_TOKEN: '',
      ...probes.environment,
    });
    // The first worker is let live, so that its memory can be followed from beginning to end.
    const [veteran] = proxy.workers;
    const [before] = await probes.next([veteran]);
    began = Date.now();
    const until = began + 1000 * seconds;
    const load = Array.from({ length: clients }, (_, i) =>
      client({ i, until, seed, url: proxy.url, trees, tally, acknowledged: real?.acknowledged, ...work }),
    );
    await disturb({
      until,
      seconds,
      seed,
      proxy,
      upstream: real === undefined ? upstream : undefined,
      veteran,
      trees,
      file,
      tally,
      log,
    });
    await Promise.all(load);
    await sleep(2000);
    const after = await probes.next(proxy.workers);
    const samples = await probes.samples();
    tally.judge();
    const twice = real === undefined ? repeated(await readFile(file('once'), 'utf8')) : await real.wrongBulks();
    const code = await proxy.stop();
    return {
      seconds: (Date.now() - began) / 1000,
      clients,
      tally,
      samples,
      before,
      after,
      twice,
      code,
      lines: proxy.lines,
    };
  } finally {
    proxy.kill();
    await upstream.kill().catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
}

/** One client: one request after the other, on one connection until it breaks. */
async function client({ i, until, seed, url, trees, tally, acknowledged, operations, parts }) {
  const random = new Random(seed * 1000 + i);
  const truth = new Truth(trees);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const names = Object.entries(parts).flatMap(([name, count]) => Array(count).fill(name));
  for (let n = 0; Date.now() < until; n++) {
    const name = random.of(names);
    const sent = Date.now();
    const outcome = await operations[name]({ agent, url, random, truth, acknowledged, id: `${i}-${n}` });
    tally.add(name, sent, outcome);
    if (outcome.broken !== undefined) await sleep(20);
  }
  agent.destroy();
}

/** Reloads, kills and restarts in turn, with a pause after each, and leaves the end to quiet. */
async function disturb({ until, seconds, seed, proxy, upstream, veteran, trees, file, tally, log }) {
  const random = new Random(seed);
  const pause = Math.min(10_000, (1000 * seconds) / 8);
  for (let n = 1; Date.now() + pause < until; n++) {
    await sleep(pause);
    const kind = n % 4;
    if (kind === 1 || kind === 3) {
      await trees[n % 4 === 1 ? 1 : 0].save(file('map.tree'));
      log('another map is in place');
    } else if (kind === 2) {
      const calm = tally.disturb('worker');
      const victim = random.of(proxy.workers.filter((pid) => pid !== veteran));
      if (victim !== undefined) process.kill(victim, 'SIGKILL');
      log(`worker ${victim} is killed`);
      calm();
    } else {
      proxy.signal('SIGHUP');
      if (upstream === undefined) {
        log('SIGHUP');
        continue;
      }
      const calm = tally.disturb('upstream');
      await upstream.kill();
      await sleep(200);
      await upstream.start();
      log('SIGHUP; the upstream was killed and started again');
      calm();
    }
  }
}

/** What stands more than once in a list of lines. */
function repeated(text) {
  const seen = new Set();
  const twice = [];
  for (const line of text.split('\n')) {
    if (line !== '' && seen.has(line)) twice.push(line);
    seen.add(line);
  }
  return twice;
}
