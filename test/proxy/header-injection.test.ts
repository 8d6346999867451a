import { Rewriters } from '../../src/proxy/rewriters.js';
import { Rewriter } from '../../src/query/rewriter.js';
import { TerritoryTree } from '../../src/territory/tree.js';
import { exchange, proxyWithStub } from './support/proxy.js';

const rewriter = new Rewriter(TerritoryTree.build([{ code: 'DEP:69' }, { code: 'COM:69123', parents: ['DEP:69'] }]), {
  shorthand: 'territory',
  indices: [['articles', { units: 'tags' }]],
  aliases: {},
  definitions: 'reject',
  unknown: 'warn',
  limits: { depth: 1000, expandedBytes: 1_000_000 },
  cacheBytes: 1_000_000,
});
const pair = proxyWithStub({ rewriters: new Rewriters(rewriter) });

function search(body: unknown, headers = ''): string {
  const text = Buffer.from(JSON.stringify(body)).toString('latin1');
  return `POST /articles/_search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}Content-Length: ${text.length}\r\n\r\n${text}`;
}

/** Texts that would begin a header of their own, or end the head, where someone copied them into one. */
const HOSTILE = [
  'COM:1\r\nSet-Cookie: a=b',
  'COM:1\nSet-Cookie: a=b',
  'COM:1\rSet-Cookie: a=b',
  'COM:1\u0000Set-Cookie: a=b',
  'COM:1\u010d\u010aSet-Cookie: a=b', // cut to a byte each, CR and LF
  'COM:1\u2028Set-Cookie: a=b',
  'COM:1" Set-Cookie: a=b',
  'COM:1\r\n\r\n<html>',
];

it.each(HOSTILE)('writes no header that the code %j brings along', async (code) => {
  for (const body of [
    { query: { territory: { codes: [code, 'COM:404'] } } },
    { query: { term: { territory: code } } },
    { query: { query_string: { query: `territory:"${code}"` } } },
    { query: { territory: { codes: ['COM:69123'], _name: code, relation: code } } },
  ]) {
    const { head } = await exchange(pair.proxy.port, search(body));
    expect(head).not.toMatch(/^set-cookie/im);
    expect(head.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(head).toMatch(/^HTTP\/1\.1 (?:200|400) [\x20-\x7e]*\r\n(?:[!-9;-~]+: ?[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n$/);
  }
});

it('names dropped codes in a Warning, which can hold nothing but what a code can', async () => {
  const { head } = await exchange(
    pair.proxy.port,
    search({ query: { territory: { codes: ['COM:69123', 'COM:404'] } } }),
  );
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  expect(head).toMatch(/^warning: 299 .*COM:404.*"\r$/im);
});

it('keeps what a q= encodes encoded', async () => {
  const q = 'q=territory:DEP:69%0D%0AX-Evil:%201%0D%0A%0D%0AGET%20/evil%20HTTP/1.1&x=%0d%0aX-Evil:1';
  await exchange(pair.proxy.port, `GET /articles/_search?${q} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(pair.stub.requests.length).toBeLessThanOrEqual(1);
  for (const { head } of pair.stub.requests) {
    expect(head).not.toMatch(/^x-evil/im);
    expect(head.match(/HTTP\/1\.1\r\n/g)).toHaveLength(1);
  }
});

it('echoes X-Opaque-Id as it came, and only where it is one header', async () => {
  for (const id of ['id\twith tab', 'caf\xe9', 'a"b;c=d,e', '<script>']) {
    const { head } = await exchange(
      pair.proxy.port,
      search({ query: { term: { territory: 'nothing' } } }, `X-Opaque-Id: ${id}\r\n`),
    );
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head).toContain(`\r\nX-Opaque-Id: ${id}\r\n`);
  }
  for (const id of ['a\rSet-Cookie: x', 'a\nSet-Cookie: x', 'a\0b', 'a\r\n Set-Cookie: x']) {
    const { head } = await exchange(pair.proxy.port, search({}, `X-Opaque-Id: ${id}\r\n`));
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head).not.toMatch(/^set-cookie/im);
  }
});

it('passes no header of the answer on that would split it', async () => {
  for (const line of ['X-A: 1\rSet-Cookie: x', 'X-A: 1\0', 'X A: 1', 'X-A : 1', ' X-A: 1']) {
    pair.stub.respond = () => `HTTP/1.1 200 OK\r\n${line}\r\ncontent-length: 2\r\n\r\n{}`;
    const { head } = await exchange(pair.proxy.port, 'POST /a/_doc HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    expect(head).not.toMatch(/[\r\n]Set-Cookie/i);
    expect(head).toMatch(/^HTTP\/1\.1 (?:502|200) /);
  }
});
