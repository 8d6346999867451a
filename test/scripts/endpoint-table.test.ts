import { readFileSync } from 'node:fs';
// @ts-expect-error a script without types
import { endpointTable, withTable } from '../../scripts/lib/endpoint-table.mjs';
import { ENDPOINTS } from '../../src/query/endpoints.js';
import { EXTENDED, PRODUCTIONS } from '../../src/query/grammar.js';

const table: string = endpointTable(ENDPOINTS, PRODUCTIONS, EXTENDED);

it('the README has the table of endpoints that the code has (else: npm run docs:endpoints)', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(withTable(readme, table)).toBe(readme);
});

it('the table names every endpoint, and every path but for an index or a type that may be left out', () => {
  for (const { name, path } of ENDPOINTS) {
    const row = table.split('\n').find((line) => line.startsWith(`| ${name} |`));
    const bare = path.replace(/^\/\{index\}/, '').replace(/^\/\{type\}(?=\/)/, '');
    expect([path, row?.includes(`${bare}\``)]).toEqual([path, true]);
  }
});

it('says of each endpoint what is rewritten, or why nothing is', () => {
  for (const line of table.split('\n').slice(2)) {
    const [, requests, rewritten, refused] = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim());
    expect([line, requests !== '' && rewritten !== '']).toEqual([line, true]);
    if (rewritten === 'nothing') expect([line, refused]).not.toEqual([line, '—']);
  }
});
