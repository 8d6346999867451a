import { Walker } from '../../src/query/walker.js';
import { cpuMs } from '../support/cpu-time.js';
import { head, rewriterWith } from './small-tree.js';

const walker = new Walker('territory', 1000);
const shorthand = { term: { territory: 'DEP:69' } };
const paths = (body: unknown, spec = 'searchBody') =>
  walker.walk(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), spec).places.map(({ path }) => path);

/** A clause of many bytes in which the name does not stand, with all that could lead over its end. */
const other = (i: number) => ({
  bool: { must: [{ term: { [`f${i % 7}`]: { value: `]} "${i}", {[` } } }, { range: { rank: { gte: i, lt: i + 1 } } }] },
});

describe('a large body', () => {
  it.each([0, 1, 17, 499, 500, 2998, 2999])('has its shorthand found at place %i among many', (place) => {
    const should: object[] = Array.from({ length: 3000 }, (_, i) => other(i));
    should[place] = shorthand;
    expect(paths({ query: { bool: { should } } })).toEqual([`query.bool.should[${place}].term`]);
  });

  it('has all of them found, far apart and close together, in objects that are short and long', () => {
    const should: object[] = [];
    const expected: string[] = [];
    for (let i = 0; i < 3000; i++) {
      const isOurs = i % 97 === 5 || (i > 1000 && i < 1020);
      const must = [...Array.from({ length: i % 60 }, (_, j) => other(j)), ...(isOurs ? [shorthand] : [])];
      if (isOurs) expected.push(`query.bool.should[${i}].bool.must[${i % 60}].term`);
      should.push({ bool: { must } });
    }
    expect(paths({ query: { bool: { should } } })).toEqual(expected);
  });

  it('has a name with escapes and a query in base64 found behind all that is looked over', () => {
    const many = Array.from({ length: 200 }, (_, i) => JSON.stringify(other(i))).join();
    const body = (clause: string) => `{"query":{"bool":{"should":[${many},${clause}]}}}`;
    expect(paths(body('{"term":{"t\\u0065rritory":"DEP:69"}}'))).toEqual(['query.bool.should[200].term']);
    expect(paths(body('{"wrapper":{"query":"e30="}}'))).toEqual(['query.bool.should[200].wrapper.query']);
  });

  it('has a query in base64 found however far the walk looks ahead', () => {
    for (let length = 0; length < 3000; length += 7) {
      const padding = 'x'.repeat(length);
      const body = `{"query":{"bool":{"must":[{"match":{"a":"${padding}"}},{"wrapper":{"query":"e30="}}]}}}`;
      expect({ length, paths: paths(body) }).toEqual({ length, paths: ['query.bool.must[1].wrapper.query'] });
    }
  });

  it('has the indices found that it names, wherever they stand', () => {
    const source = { query: { bool: { must: Array.from({ length: 300 }, (_, i) => other(i)) } }, index: ['a', 'b'] };
    expect(walker.walk(Buffer.from(JSON.stringify({ source })), 'reindex').indices).toEqual(['a', 'b']);
  });

  it('is walked in time that grows with its length, however it nests', () => {
    const nest = `${'['.repeat(900)}1${']'.repeat(900)}`;
    const deep = `${'{"bool":{"must":['.repeat(300)}{"match":{"a":"${'x'.repeat(20_000)}"}}${']}}'.repeat(300)}`;
    const body = Buffer.from(
      `{"query":{"bool":{"should":[${`${deep},`.repeat(100)}{"match":{"a":"territory"}},${`${nest},`.repeat(500)}1]}}}`,
    );
    const start = cpuMs();
    expect(walker.walk(body, 'searchBody').places).toEqual([]);
    expect(cpuMs() - start).toBeLessThan(2000);
  });
});

describe('a long string', () => {
  it.each([
    ['with escaped quotes', `${'x'.repeat(200)}\\"${'y'.repeat(200)}\\\\\\"]}`],
    ['with backslashes at its end', `${'x'.repeat(300)}\\\\\\\\`],
    ['with an escape where the look at single bytes ends', `${'x'.repeat(127)}\\"${'y'.repeat(9)}`],
    ['with brackets', '{[\\"'.repeat(400)],
  ])('%s ends where it ends', (_, text) => {
    for (const at of [text, `é${text}`, text.slice(2)]) {
      const body = `{"_source":[["${at}"],{"a":"${at}"}],"size":"${at}","query":{"term":{"territory":"DEP:69"}}}`;
      expect(paths(body)).toEqual(['query.term']);
    }
  });
});

it('a shorthand in which something is no JSON passes as it came, for Elasticsearch to refuse', () => {
  for (const query of [
    '{"term":{"territory":{"value":"DEP:69" nonsense}}}',
    '{"territory":{"codes":["DEP:69",,]}}',
    '{"query_string":{"query":"territory:DEP\\\\:69","boost":[01]}}',
  ]) {
    const body = Buffer.from(`{"query":${query}}`);
    expect(rewriterWith({}).rewrite(head('POST', '/articles/_search'), body)).toEqual({ kind: 'pass' });
  }
});

it('what stands behind the body hides no shorthand in it, even where no JSON goes on so', () => {
  for (const more of ['\0', '\f', '/', '/* x', ']', ' and more']) {
    expect(paths(`{"query":{"term":{"territory":"DEP:69"}}}${more}`)).toEqual(['query.term']);
  }
});
