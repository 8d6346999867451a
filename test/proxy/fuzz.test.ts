/**
 * Broken and odd requests with the shorthand in them, on real sockets: each gets an answer or an end, the proxy serves on,
 * and what reaches Elasticsearch never holds the shorthand where a query can stand. `TEST_SEED` and
 * `TEST_RUNS` choose others, and more.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { Rewriters } from '../../src/proxy/rewriters.js';
import { Rewriter } from '../../src/query/rewriter.js';
import { TerritoryTree } from '../../src/territory/tree.js';
import { Random } from '../integration/support/random.js';
import { runs, SEED } from '../support/seed.js';
import { eventually, exchange, proxyWithStub, RawClient } from './support/proxy.js';
import type { ReceivedRequest } from './support/upstream.js';

const RUNS = runs(1200);
const AT_ONCE = 30;

const tree = TerritoryTree.build([
  { code: 'DEP:1' },
  { code: 'COM:1', parents: ['DEP:1'] },
  { code: 'COM:2', parents: ['DEP:1'] },
]);
const newRewriter = () =>
  new Rewriter(tree, {
    shorthand: 'territory',
    indices: [['articles', { units: 'tags' }]],
    aliases: {},
    definitions: 'reject',
    unknown: 'error',
    limits: { depth: 100, expandedBytes: 1_000_000 },
    cacheBytes: 100_000,
  });
const pair = proxyWithStub({ rewriters: new Rewriters(newRewriter()), limits: { bodyBytes: 1_000_000 } });

const LUCENE = [
  'territory:',
  'territory.within:',
  '_exists_:territory',
  'terri\\tory:',
  'title:',
  'DEP:1',
  'COM\\:2',
].concat(
  [
    '"COM:1 | COM:2"',
    ' AND ',
    ' OR ',
    ' NOT ',
    '+',
    '-',
    '!',
    '(',
    ')',
    '^2',
    '~',
    '*',
    '?',
    'foo',
    '"',
    '\\',
    '/',
    '[',
  ],
  [']', '{', '}', ':', ' ', ' ', '\u3000', 'é', '\\u0074', '\\u00'],
);
const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  '\\u0074',
  '/*',
  '*/',
  '\n',
  '\r\n',
  ' ',
  '\0',
  '\ufeff',
  'é',
].concat([
  '"territory"',
  'territory',
  '"query"',
  '"bool":{',
  '"term":{"territory":"DEP:1"}',
  'null',
  '1e400',
  '%74',
  '%',
  '&q=',
  ';',
]);

function lucene(random: Random): string {
  return Array.from({ length: 1 + random.below(12) }, () => random.of(LUCENE)).join('');
}

function query(random: Random): object {
  const leaves = [
    () => ({ term: { territory: 'DEP:1' } }),
    () => ({ terms: { 'territory.intersects': ['COM:1', 'COM:9'] } }),
    () => ({ territory: { expression: 'DEP:1 - COM:1' } }),
    () => ({ exists: { field: 'territory' } }),
    () => ({ query_string: { query: lucene(random) } }),
    () => ({ bool: { must: [query(random), { match: { text: 'territory' } }], filter: query(random) } }),
  ];
  return random.of(leaves)();
}

function mutated(text: string, random: Random): string {
  let mutant = text;
  for (let n = random.below(4); n > 0; n--) {
    const at = random.below(mutant.length + 1);
    const span = random.below(8);
    const cuts = [
      () => mutant.slice(0, at) + random.of(TOKENS) + mutant.slice(at + random.below(2)),
      () => mutant.slice(0, at) + mutant.slice(at + span),
      () => mutant.slice(0, at + span) + mutant.slice(at),
      () => mutant.slice(0, at),
      () => mutant.slice(0, at) + String.fromCharCode(random.below(256)) + mutant.slice(at + 1),
    ];
    mutant = random.of(cuts)();
  }
  return mutant;
}

/** One request: odd, or broken in its body, or in any of its bytes. */
function request(random: Random): Buffer {
  if (random.below(12) === 0) return Buffer.from(Array.from({ length: random.below(400) }, () => random.below(256)));
  let bytes: Buffer;
  if (random.below(4) === 0) {
    const target = `/articles/_search?q=${encodeURIComponent(lucene(random))}`;
    bytes = Buffer.from(
      `GET ${random.below(2) === 0 ? target : mutated(target, random)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      'latin1',
    );
  } else {
    const json = () => JSON.stringify({ size: 1.0, query: query(random) });
    const lines = random.below(4) === 0;
    const lead = random.of(['', '', '\n', '\n{}\n']);
    const text = mutated(lines ? `${lead}{}\n${json()}\n{"index":"articles"}\n${json()}\n` : json(), random);
    bytes = post(lines ? '/articles/_msearch' : '/articles/_search', Buffer.from(text), random);
  }
  return random.below(3) === 0 ? Buffer.from(mutated(bytes.toString('latin1'), random), 'latin1') : bytes;
}

function post(path: string, plain: Buffer, random: Random): Buffer {
  const zipped = random.below(5) === 0;
  const body = zipped ? gzipSync(plain) : plain;
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${zipped ? 'Content-Encoding: gzip\r\n' : ''}`;
  if (random.below(4) > 0) return Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body]);
  const size = `${body.length.toString(16)}\r\n`;
  const framed = body.length === 0 ? [] : [Buffer.from(size), body, Buffer.from('\r\n')];
  return Buffer.concat([Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`), ...framed, Buffer.from('0\r\n\r\n')]);
}

/** The body that Elasticsearch would read, out of its one chunk and its compression; `undefined` where it could not. */
function readable({ head, body }: ReceivedRequest): Buffer | undefined {
  const framed = /^transfer-encoding: *chunked/im.test(head);
  const plain = framed ? body.subarray(body.indexOf('\r\n') + 2, -7) : body;
  if (!/^content-encoding: *gzip/im.test(head)) return plain;
  try {
    return gunzipSync(plain);
  } catch {
    return undefined;
  }
}

/** What a new rewriter finds left to do in what Elasticsearch got; nothing, where all is well. */
function left(received: ReceivedRequest): string | undefined {
  const [method = '', target = ''] = received.head.split(' ', 2);
  const body = readable(received);
  if (body === undefined) return undefined;
  const value = (name: string) => new RegExp(`^${name}: *(.*?)\r$`, 'im').exec(received.head)?.[1];
  const head = {
    method,
    target,
    contentType: value('content-type'),
    contentEncoding: undefined,
    accept: value('accept'),
  };
  try {
    const rewriter = newRewriter();
    if (rewriter.plan(head).kind !== 'read') return undefined;
    const { kind } = rewriter.rewrite(head, body.length === 0 ? undefined : body);
    return kind === 'pass' ? undefined : kind;
  } catch (error) {
    // Of what is left of an `_msearch` the first bytes may look like another encoding.
    return /territory|\\u|%/.test(`${target}${body}`) ? (error as Error).message : undefined;
  }
}

/** Whether a query holds the shorthand: by what JSON.parse makes of it, apart from the rewriter. */
function named(query: unknown): boolean {
  if (Array.isArray(query)) return query.some(named);
  if (typeof query !== 'object' || query === null) return false;
  return Object.entries(query).some(([type, value]) => {
    if (SHORTHAND.test(type)) return true;
    if (typeof value !== 'object' || value === null) return false;
    if (type === 'bool') return ['must', 'filter', 'should', 'must_not'].some((clause) => named(value[clause]));
    if (type === 'exists') return SHORTHAND.test(value.field);
    return /^(?:terms?|match)$/.test(type) && Object.keys(value).some((field) => SHORTHAND.test(field));
  });
}

const SHORTHAND = /^territory(?:\.|$)/;

/** Whether Elasticsearch would read the shorthand in a search or an `_msearch` that is whole but for its query. */
function reads(received: ReceivedRequest): boolean {
  const [, , target = ''] = /^(GET|POST) (\S+) /.exec(received.head) ?? [];
  const body = readable(received)?.toString() ?? '';
  if (!/^content-type: application\/json\r$/im.test(received.head)) return false;
  if (/^\/articles\/_search(?:\?|$)/.test(target)) return queriesOf([body]).some(named);
  if (!/^\/articles\/_msearch(?:\?|$)/.test(target)) return false;
  // Elasticsearch 7 skips a newline at the very start, 8 takes it for an empty header.
  const starts = body.startsWith('\n') ? [0, 1] : [0];
  return starts.some((start) => {
    const lines = body.split('\n').slice(start);
    const searched = lines.filter((_, i) => i % 2 === 1 && HEADER.test(lines[i - 1]!));
    return queriesOf(searched).some(named);
  });
}

const HEADER = /^(?:\{(?:"index":"articles")?\})?$/;

/** The queries of bodies that are JSON; what is not, Elasticsearch does not read. */
function queriesOf(bodies: readonly string[]): unknown[] {
  return bodies.map((body) => {
    try {
      return JSON.parse(body)?.query;
    } catch (error) {
      // What stands behind it is not always looked at.
      const behind = /after JSON at position (\d+)/.exec((error as Error).message)?.[1];
      return behind === undefined ? undefined : JSON.parse(body.slice(0, Number(behind)))?.query;
    }
  });
}

/**
 * Resolves when each has an answer or an end, or nothing moves any more while others are served: who waits for the rest of
 * a request that never comes has no answer yet.
 */
async function settled(clients: readonly RawClient[]): Promise<void> {
  for (let before = '', still = 0; still < 5; ) {
    if (clients.every(({ bytes, socket }) => bytes.length > 0 || socket.destroyed)) return;
    await exchange(pair.proxy.port, 'GET /alive HTTP/1.1\r\nHost: x\r\n\r\n');
    const now = clients.map(({ bytes, socket }) => `${bytes.length}${socket.destroyed}`).join();
    still = now === before ? still + 1 : 0;
    before = now;
  }
}

it(
  'answers or ends whatever comes, and lets no shorthand through',
  async () => {
    const random = new Random(SEED);
    let answered = 0;
    for (let run = 0; run < RUNS; run += AT_ONCE) {
      const sent = Array.from({ length: AT_ONCE }, () => request(random));
      const clients = sent.map((bytes) => new RawClient(pair.proxy.port).send(bytes));
      await settled(clients);
      answered += clients.filter(({ text }) => /^HTTP\/1\.1 \d{3} /.test(text)).length;
      for (const { text } of clients) if (text !== '') expect(text).toMatch(/^HTTP\/1\.1 (?:[24]\d\d|100) /);
      for (const { socket } of clients) socket.end();
      await Promise.all(clients.map(({ closed }) => closed));
      await eventually(() => pair.proxy.server.inFlight === 0);
      for (const received of pair.stub.requests.splice(0)) {
        const got = `${received.head}${received.body.toString('latin1')}`;
        const found = { left: left(received), reads: reads(received) };
        expect({ run, got, ...found }).toEqual({ run, got, left: undefined, reads: false });
      }
    }
    expect((await exchange(pair.proxy.port, 'GET /alive HTTP/1.1\r\nHost: x\r\n\r\n')).head).toMatch(/200 OK/);
    expect(answered).toBeGreaterThan(RUNS / 2);
  },
  runs(180_000),
);
