import { Rewriters } from '../../src/proxy/rewriters.js';
import type { TerritoryTree } from '../../src/territory/tree.js';
import { FakeRewriter } from './support/fake-rewriter.js';
import { exchange, startProxy } from './support/proxy.js';
import { StubUpstream } from './support/upstream.js';

const tree = (version: string): TerritoryTree => ({ version }) as TerritoryTree;

it('keeps the last three trees', () => {
  const rewriters = new Rewriters(new FakeRewriter('a'));
  for (const version of ['b', 'c', 'd']) rewriters.swap(tree(version));
  expect(rewriters.versions).toEqual(['b', 'c', 'd']);
  expect(rewriters.current.tree.version).toBe('d');
  expect(rewriters.kept('a')).toBeUndefined();
  expect(rewriters.kept('c')?.tree.version).toBe('c');
});

it('changes nothing for a tree of the same version, and uses again what it kept of an earlier one', () => {
  const rewriters = new Rewriters(new FakeRewriter('a'));
  const first = rewriters.current;
  expect(rewriters.swap(tree('a'))).toBe(first);
  rewriters.swap(tree('b'));
  expect(rewriters.swap(tree('a'))).toBe(first);
  expect(rewriters.versions).toEqual(['b', 'a']);
});

it('refuses to keep less than the current tree', () => {
  expect(() => new Rewriters(new FakeRewriter(), 0)).toThrow('keep must be a whole number above 0, not 0');
});

it('takes a new tree under load without a failed request', async () => {
  const stub = await new StubUpstream().listen();
  const rewriters = new Rewriters(new FakeRewriter('v0'));
  const proxy = await startProxy({ nodes: [stub.url], rewriters });
  const request = 'POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nTERRITORY';
  const heads = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      if (i % 20 === 0) rewriters.swap(tree(`v${i}`));
      return (await exchange(proxy.port, request)).head;
    }),
  );
  expect(heads.every((head) => head.startsWith('HTTP/1.1 200 OK'))).toBe(true);
  expect(stub.requests).toHaveLength(200);
  await proxy.close();
  await stub.close();
});
