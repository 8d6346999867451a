/**
 * What the proxy costs: CPU time of its process for a request, beside a bare Node proxy with `http.Agent` and a bare one
 * on undici's `dispatch`, each in a process of its own in front of the same stub, in interleaved rounds of one run.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Load, sendLoad } from './proxy/load.js';

const ROUNDS = Number(process.argv[2] ?? 7);
const REQUESTS = 6_000;
const CONNECTIONS = 16;

interface Contender {
  readonly name: string;
  readonly child: ChildProcess;
  readonly port: number;
}

interface Sample {
  readonly cpuMicros: number;
  readonly perSecond: number;
}

const children: ChildProcess[] = [];

async function start(name: string, ...args: string[]): Promise<Contender> {
  const child = fork(fileURLToPath(new URL('./proxy/server.js', import.meta.url)), [name, ...args]);
  children.push(child);
  const { port } = await message<{ port: number }>(child);
  return { name, child, port };
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const exit = (code: number | null): void => reject(new Error(`a server ended with code ${code}`));
    child.once('exit', exit).once('message', (got) => {
      child.off('exit', exit);
      resolve(got as T);
    });
  });
}

async function cost({ child }: Contender): Promise<{ cpuMicros: number; rss: number }> {
  child.send('cost');
  return message(child);
}

function post(path: string, body: object): Buffer {
  const bytes = JSON.stringify(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost:9280\r\nuser-agent: elasticsearch-js/8.19\r\naccept: application/vnd.elasticsearch+json; compatible-with=8\r\n` +
      `content-type: application/vnd.elasticsearch+json; compatible-with=8\r\nconnection: keep-alive\r\nContent-Length: ${Buffer.byteLength(bytes)}\r\n\r\n${bytes}`,
  );
}

const search = (filter: object) => ({
  size: 10,
  _source: ['title', 'date', 'territories'],
  query: {
    bool: {
      must: [{ match: { text: 'salaire minimum conventionnel' } }],
      filter: [filter, { range: { date: { gte: '2020-01-01' } } }],
    },
  },
  sort: [{ date: 'desc' }],
  track_total_hits: true,
});

const SCENARIOS: readonly [name: string, request: Buffer][] = [
  ['without shorthand', post('/articles/_search', search({ term: { kind: 'text' } }))],
  ['another index', post('/others/_search', search({ term: { kind: 'text' } }))],
  ['one cached shorthand', post('/articles/_search', search({ territory: 'DEP:69' }))],
];

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >>> 1]!;
}

function quantile({ latencies }: Load, q: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))]!;
}

async function throughput(contenders: readonly Contender[], request: Buffer): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  for (const { port } of contenders) await sendLoad(port, request, CONNECTIONS, REQUESTS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) {
      const before = await cost(contender);
      const load = await sendLoad(contender.port, request, CONNECTIONS, REQUESTS);
      const after = await cost(contender);
      samples.get(contender.name)!.push({
        cpuMicros: (after.cpuMicros - before.cpuMicros) / load.requests,
        perSecond: load.requests / load.seconds,
      });
    }
  }
  return samples;
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(18) : cell.padStart(13))).join('');
}

async function main(): Promise<void> {
  const stub = await start('stub');
  const bare = await start('http.Agent', String(stub.port));
  const undici = await start('undici dispatch', String(stub.port));
  const own = await start('territory-proxy', String(stub.port));
  const contenders = [{ ...stub, name: 'direct' }, bare, undici, own];

  console.log(
    `${cpus()[0]!.model}, Node ${process.version}; ${ROUNDS} rounds of ${REQUESTS} requests on ${CONNECTIONS} connections`,
  );
  for (const [name, request] of SCENARIOS) {
    const samples = await throughput(contenders, request);
    const base = median(samples.get('http.Agent')!.map(({ cpuMicros }) => cpuMicros));
    console.log(`\n${name} (${request.length} bytes)`);
    console.log(row(['', 'CPU µs', 'best', '× http.Agent', 'requests/s']));
    for (const contender of contenders) {
      const own = samples.get(contender.name)!;
      const cpu = own.map(({ cpuMicros }) => cpuMicros);
      const middle = median(cpu);
      console.log(
        row([
          contender.name,
          middle.toFixed(1),
          Math.min(...cpu).toFixed(1),
          (middle / base).toFixed(2),
          median(own.map(({ perSecond }) => perSecond)).toFixed(0),
        ]),
      );
    }
  }
  console.log('\nµs for a request on one connection (direct: the stub itself)');
  console.log(row(['', 'p50', 'p99', 'added p50', 'added p99']));
  const request = SCENARIOS[0]![1];
  let direct: Load | undefined;
  for (const contender of contenders) {
    const load = await sendLoad(contender.port, request, 1, 2 * REQUESTS);
    direct ??= load;
    const [p50, p99] = [quantile(load, 0.5), quantile(load, 0.99)];
    console.log(
      row([
        contender.name,
        ...[p50, p99, p50 - quantile(direct, 0.5), p99 - quantile(direct, 0.99)].map((us) => us.toFixed(0)),
      ]),
    );
  }
  console.log(`\nmemory of territory-proxy at the end: ${((await cost(own)).rss / 2 ** 20).toFixed(0)} MB`);
}

try {
  await main();
} finally {
  for (const child of children) child.disconnect();
}
