import type { AnswerHead } from '../../../src/proxy/upstream/answer-head.js';
import { AnswerHeads } from '../../../src/proxy/upstream/answer-heads.js';
import { AnswerReader } from '../../../src/proxy/upstream/answer-reader.js';

interface Read {
  heads: AnswerHead[];
  bodies: string[];
  clean: boolean[];
  error: string | undefined;
}

/** Reads answers from bytes that come in pieces of `size`; the shared buffer is overwritten after each. */
function read(bytes: string, { size = bytes.length, requests = 1, bodiless = false, ends = true } = {}): Read {
  const result: Read = { heads: [], bodies: [], clean: [], error: undefined };
  let body = '';
  const reader: AnswerReader = new AnswerReader(new AnswerHeads(), {
    head: (head) => void result.heads.push(head),
    data: (piece) => {
      body += piece.toString('latin1');
    },
    end: (piece, clean) => {
      result.bodies.push(body + (piece?.toString('latin1') ?? ''));
      result.clean.push(clean);
      body = '';
      if (result.bodies.length < requests) reader.begin(bodiless);
    },
  });
  reader.begin(bodiless);
  try {
    for (let at = 0; at < bytes.length; at += size) {
      const piece = Buffer.from(bytes.slice(at, at + size), 'latin1');
      reader.read(piece);
      piece.fill('!');
    }
    if (ends && !reader.finish()) result.error = 'cut off';
  } catch (error) {
    result.error = (error as Error).message;
  }
  return result;
}

const OK = 'HTTP/1.1 200 OK\r\n';

const LEGAL: readonly [name: string, bytes: string, body: string][] = [
  ['a length', `${OK}Content-Length: 5\r\n\r\nhello`, 'hello'],
  ['no body by its length', `${OK}Content-Length: 0\r\n\r\n`, ''],
  ['chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n`, 'abc0123456789'],
  ['chunks with trailers', `${OK}transfer-encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\nX-U:\r\n\r\n`, 'a'],
  ['the end of the connection', `${OK}\r\nto the end`, 'to the end'],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nold', 'old'],
  ['no reason', 'HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx', 'x'],
  [
    '1xx before it',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`,
    'x',
  ],
  ['204 with a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n', ''],
  ['304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n', ''],
];

describe.each([1, 2, 3, 7, 1000])('in pieces of %d bytes', (size) => {
  it.each(LEGAL)('reads an answer with %s', (_name, bytes, body) => {
    const { heads, bodies, error } = read(bytes, { size });
    expect(error).toBeUndefined();
    expect(bodies).toEqual([body]);
    expect(heads).toHaveLength(1);
  });

  it('reads answers one after the other', () => {
    const three = LEGAL.slice(0, 4).map(([, bytes]) => bytes);
    for (const first of three) {
      for (const second of three) {
        const one = read(first, { size }).bodies[0]!;
        const two = read(second, { size }).bodies[0]!;
        expect(read(first + second, { size, requests: 2 }).bodies).toEqual([one, two]);
      }
    }
  });
});

const ODD: readonly [name: string, bytes: string][] = [
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n'],
  ['HTTP/1.2', 'HTTP/1.2 200 OK\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
  ['a status that begins with 0', 'HTTP/1.1 020 OK\r\n\r\n'],
  ['a switch to another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n'],
  ['two lengths', `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`],
  ['a list of lengths', `${OK}Content-Length: 5, 5\r\n\r\nhello`],
  ['a length with a sign', `${OK}Content-Length: +5\r\n\r\nhello`],
  ['an empty length', `${OK}Content-Length:\r\n\r\n`],
  ['a length too long to count', `${OK}Content-Length: 99999999999999999999\r\n\r\n`],
  ['length and chunks', `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['another coding', `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ['chunked twice', `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a folded header', `${OK}X-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n`],
  ['white space before the colon', `${OK}Content-Length : 0\r\n\r\n`],
  ['a bare LF', `${OK}X-A: 1\nContent-Length: 0\r\n\r\n`],
  ['a bare CR', `${OK}X-A: 1\rContent-Length: 0\r\n\r\n`],
  ['a control character', `${OK}X-A: \x01\r\nContent-Length: 0\r\n\r\n`],
  ['a line without a colon', `${OK}nonsense\r\n\r\n`],
  ['a size that is no number', `${OK}Transfer-Encoding: chunked\r\n\r\nx\r\n`],
  ['an empty size', `${OK}Transfer-Encoding: chunked\r\n\r\n\r\n`],
  ['a size with a prefix', `${OK}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n`],
  ['a huge size', `${OK}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n`],
  ['a chunk longer than its size', `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n`],
  ['a bare LF after a size', `${OK}Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n`],
  ['a trailer that is none', `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\nnonsense\r\n\r\n`],
  ['an endless line', `${OK}Transfer-Encoding: chunked\r\n\r\n5;${'x'.repeat(3000)}\r\nhello\r\n0\r\n\r\n`],
  ['an endless head', `${OK}X-A: ${'x'.repeat(330_000)}`],
  ['an end in the head', OK],
  ['an end in the body', `${OK}Content-Length: 5\r\n\r\nhell`],
  ['an end in the chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`],
];

it.each(ODD)('takes no answer with %s', (_name, bytes) => {
  for (const size of [1, 5, bytes.length]) {
    const { bodies, error } = read(bytes, { size });
    expect(error).toEqual(expect.any(String));
    expect(bodies).toEqual([]);
  }
});

it('takes the length that an answer to HEAD names for no body', () => {
  const { bodies, error } = read(`${OK}Content-Length: 500\r\n\r\n`, { bodiless: true });
  expect([bodies, error]).toEqual([[''], undefined]);
  const chunked = read(`${OK}Transfer-Encoding: chunked\r\n\r\n`, { bodiless: true });
  expect([chunked.bodies, chunked.error]).toEqual([[''], undefined]);
});

it('says of bytes after an answer that the connection is not clean, whatever ends the answer', () => {
  for (const first of [
    `${OK}Content-Length: 5\r\n\r\nhello`,
    `${OK}Content-Length: 0\r\n\r\n`,
    `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ]) {
    const { clean, error } = read(`${first}HTTP/1.1 200 OK\r\n`);
    expect(clean).toEqual([false]);
    expect(error).toMatch(/nobody asked/);
    expect(read(first).clean).toEqual([true]);
  }
});

it('tells what a head says of its connection', () => {
  const head = (lines: string, version = '1.1') =>
    read(`HTTP/${version} 200 OK\r\n${lines}Content-Length: 0\r\n\r\n`).heads[0]!;
  expect(head('').reusable).toBe(true);
  expect(head('Connection: keep-alive\r\nKeep-Alive: timeout=7, max=3\r\n')).toMatchObject({
    reusable: true,
    keepAliveSeconds: 7,
  });
  expect(head('Connection: X-Close, close\r\n').reusable).toBe(false);
  expect(head('connection: Close\r\n').reusable).toBe(false);
  expect(head('', '1.0').reusable).toBe(false);
});

it('keeps the heads of answers, and no more than so many', () => {
  const heads = new AnswerHeads();
  const text = (n: number) => `HTTP/1.1 200 OK\r\nX-Opaque-Id: ${n}\r\nContent-Length: 1`;
  const first = heads.of(text(0));
  expect(heads.of(text(0))).toBe(first);
  for (let n = 0; n < 10_000; n++) expect(heads.of(text(n)).headers).toContain(String(n));
  expect(heads.size).toBeLessThanOrEqual(512);
  const long = `HTTP/1.1 200 OK\r\nX-A: ${'x'.repeat(5000)}`;
  expect(heads.of(long)).not.toBe(heads.of(long));
});
