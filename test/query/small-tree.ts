import { Rewriter } from '../../src/query/rewriter.js';
import type { Outcome, RequestHead, RewriterOptions } from '../../src/query/types.js';
import { TerritoryTree } from '../../src/territory/tree.js';

const UNITS = [
  { code: 'CNTRY:F', label: 'France' },
  { code: 'REG:84', label: 'Auvergne-Rhône-Alpes', parents: ['CNTRY:F'] },
  { code: 'REG:11', label: 'Île-de-France', parents: ['CNTRY:F'] },
  { code: 'DEP:01', label: 'Ain', parents: ['REG:84'] },
  { code: 'DEP:69', label: 'Rhône', parents: ['REG:84'] },
  { code: 'DEP:75', label: 'Paris', parents: ['REG:11'] },
  { code: 'COM:01004', label: 'Ambérieu-en-Bugey', parents: ['DEP:01'] },
  { code: 'COM:01033', label: 'Valserhône', parents: ['DEP:01'], former_codes: ['COM:01091', 'COM:01205'] },
  { code: 'COM:69123', label: 'Lyon', parents: ['DEP:69', 'EPCI:200046977'] },
  { code: 'COM:69266', label: 'Villeurbanne', parents: ['DEP:69', 'EPCI:200046977'] },
  { code: 'COM:69264', label: 'Villefranche-sur-Saône', parents: ['DEP:69'] },
  { code: 'COM:75056', label: 'Paris', parents: ['DEP:75'] },
  { code: 'EPCI:200046977', label: 'Métropole de Lyon' },
];

/** Two regions, three departments, six communes, one EPCI. */
export const tree = TerritoryTree.build(UNITS, {
  partitions: [
    { name: 'administrative', levels: ['COM', 'DEP', 'REG', 'CNTRY'] },
    { name: 'intercommunal', levels: ['EPCI'] },
  ],
});

/** The same without Villeurbanne and with another commune. */
export const changedTree = TerritoryTree.build(
  [
    ...UNITS.filter(({ code }) => code !== 'COM:69266'),
    { code: 'COM:69999', label: 'Newtown', parents: ['DEP:69', 'EPCI:200046977'] },
  ],
  { partitions: tree.partitions },
);

export const OPTIONS: RewriterOptions = {
  shorthand: 'territory',
  indices: [
    ['articles*', { units: 'territories', ancestors: 'territory_path' }],
    ['briefs', { units: 'tu', levels: ['COM', 'DEP', 'REG', 'CNTRY'] }],
  ],
  aliases: { press: ['articles*', 'briefs'], news: ['articles-news'] },
  definitions: 'reject',
  unknown: 'error',
  limits: { depth: 100, expandedBytes: 1_000_000 },
  cacheBytes: 1 << 20,
};

export function rewriterWith(options: Partial<RewriterOptions> = {}): Rewriter {
  return new Rewriter(tree, { ...OPTIONS, ...options });
}

export const rewriter = rewriterWith();

export function head(method: string, target: string, contentType = 'application/json'): RequestHead {
  return { method, target, contentType };
}

/** What a search of `articles` with this body becomes; `undefined` where it passes as it came. */
export function searched(body: unknown, target = '/articles/_search', by = rewriter): unknown {
  const outcome = rewritten(by.rewrite(head('POST', target), Buffer.from(text(body))));
  return outcome && JSON.parse(outcome.body!.toString());
}

/** The body as text, with nothing parsed. */
export function searchedText(body: string, target = '/articles/_search', by = rewriter): string | undefined {
  return rewritten(by.rewrite(head('POST', target), Buffer.from(body)))?.body?.toString();
}

export function rewritten(outcome: Outcome): Extract<Outcome, { kind: 'rewritten' }> | undefined {
  if (outcome.kind === 'answer') throw new Error('answered by the proxy');
  return outcome.kind === 'rewritten' ? outcome : undefined;
}

function text(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** The expansion for `articles`. */
export function terms(...codes: string[]): Record<string, unknown> {
  return { bool: { should: [{ terms: { territory_path: codes } }], minimum_should_match: 1 } };
}
