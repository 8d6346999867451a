import { isDeepStrictEqual } from 'node:util';
import { bigAnswer, sha1 } from './agreed.mjs';
import { exchange } from './exchange.mjs';
import { FIELD } from './world.mjs';

/**
 * What clients do. Each takes `{ agent, url, random, truth, id }` and gives the outcome of its exchange with `wrong`: a
 * sentence where a whole answer is not the one that this request must have.
 */
export const OPERATIONS = { plain, term, lucene, clause, msearch, bulk, scroll, big, slow, gone, unknown, api };

/** How often each comes, in parts. */
export const PARTS = {
  plain: 30,
  term: 20,
  lucene: 15,
  clause: 10,
  msearch: 8,
  bulk: 6,
  scroll: 4,
  big: 1,
  slow: 2,
  gone: 1,
  unknown: 3,
  api: 1,
};

const JSON_TYPE = 'application/json';
const NDJSON = 'application/x-ndjson';

/** A territory that both maps know. */
export function expression(random) {
  const kind = random.below(4);
  if (kind === 0) return `COM:${1000 * random.below(100) + random.below(30)}`;
  if (kind === 1) return `DEP:${random.below(100)}`;
  if (kind === 2) return `REG:${random.below(20)}`;
  const region = random.below(20);
  return `REG:${region} - DEP:${5 * region + random.below(5)}`;
}

/** The outcome with what is wrong about it. Only an answer of 200 is looked at: everything else was reported. */
export function checked(outcome, look) {
  if (outcome.status !== 200) return outcome;
  try {
    return { ...outcome, wrong: look(JSON.parse(outcome.body.toString()), outcome) };
  } catch (error) {
    return { ...outcome, wrong: `an answer of 200 that can't be read: ${error.message}` };
  }
}

async function plain({ agent, url, random }) {
  const body = `{"query":{"match":{"text":"salaire ${random.below(1e6)}"}},"size":1.0}`;
  const path = `/articles/_search?x=${random.below(1e6)}`;
  return checked(await exchange(agent, url, { path, body }), ({ got }) =>
    got.target === path && got.body === body ? undefined : `${body} came as ${got.body}`,
  );
}

/** What is wrong with the codes in a query that Elasticsearch got. */
function wrongCodes(truth, written, codes, version) {
  const due = truth.codes(written, version);
  if (due === undefined) return `an answer with a map that is none: ${version}`;
  return isDeepStrictEqual(codes, due) ? undefined : `${written} came as ${JSON.stringify(codes).slice(0, 300)}`;
}

const termsIn = (query) => query.bool.should.flatMap((one) => one.terms[FIELD]);

async function term({ agent, url, random, truth }) {
  const written = expression(random);
  const body = JSON.stringify({ query: { bool: { filter: [{ term: { territory: written } }] } }, size: 0 });
  return checked(await exchange(agent, url, { path: '/articles/_search', body }), ({ got }, { headers }) => {
    const { query, size } = JSON.parse(got.body);
    if (size !== 0) return `the rest of the body is gone: ${got.body.slice(0, 300)}`;
    return wrongCodes(truth, written, termsIn(query.bool.filter[0]), headers['x-territory-version']);
  });
}

async function clause({ agent, url, random, truth }) {
  const written = expression(random);
  const body = JSON.stringify({ query: { territory: { expression: written } } });
  return checked(await exchange(agent, url, { path: '/articles/_search', body }), ({ got }, { headers }) =>
    wrongCodes(truth, written, termsIn(JSON.parse(got.body).query), headers['x-territory-version']),
  );
}

async function lucene({ agent, url, random, truth }) {
  const written = expression(random);
  const path = `/articles/_search?q=${encodeURIComponent(`salaire AND territory:"${written}"`)}`;
  const outcome = await exchange(agent, url, { method: 'GET', path });
  return checked(outcome, ({ got }, { headers }) => {
    const query = got.body === '' ? new URL(got.target, 'http://x').searchParams.get('q') : got.body;
    if (query.includes('territory')) return `the shorthand came as it was written: ${query.slice(0, 300)}`;
    const codes = [...query.matchAll(/\b(?:COM|DEP|REG|CNTRY):\d+/g)].map(([code]) => code);
    return wrongCodes(truth, written, codes, headers['x-territory-version']);
  });
}

async function msearch({ agent, url, random, truth }) {
  const written = [expression(random), 'COM:nowhere', expression(random)];
  const lines = written.flatMap((one) => ['{}', JSON.stringify({ query: { term: { territory: one } } })]);
  const body = `${lines.join('\n')}\n`;
  const outcome = await exchange(agent, url, { path: '/articles/_msearch', body, type: NDJSON });
  return checked(outcome, ({ responses }, { headers }) => {
    if (responses.length !== 3) return `${responses.length} answers to three searches`;
    if (responses[1].error?.type !== 'unknown_unit_exception') return 'the refused search has no error in its place';
    for (const i of [0, 2]) {
      const codes = termsIn(JSON.parse(responses[i].got.body).query);
      const wrong = wrongCodes(truth, written[i], codes, headers['x-territory-version']);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  });
}

async function bulk({ agent, url, random, id }) {
  const line = `{"index":{}}\n{"text":"territory ${random.below(1e9)}"}\n`;
  const body = Buffer.from(line.repeat(1 + random.below(20_000)));
  const path = `/articles/_bulk?once=${id}`;
  return checked(await exchange(agent, url, { path, body, type: NDJSON }), (answer) =>
    answer.sha1 === sha1(body) ? undefined : `${body.length} bytes of a bulk came changed`,
  );
}

async function scroll({ agent, url, id, random, truth }) {
  const written = expression(random);
  const path = '/articles/_search?scroll=1m';
  const first = await exchange(agent, url, { path, body: JSON.stringify({ query: { term: { territory: written } } }) });
  let outcome = checked(first, ({ got }, { headers }) =>
    wrongCodes(truth, written, termsIn(JSON.parse(got.body).query), headers['x-territory-version']),
  );
  for (let page = 0; page < 3 && outcome.status === 200 && outcome.wrong === undefined; page++) {
    const next = { path: `/_search/scroll?once=${id}-${page}`, body: `{"scroll_id":"${page}"}`, type: JSON_TYPE };
    outcome = checked(await exchange(agent, url, next), ({ _scroll_id }) =>
      _scroll_id === String(page + 1) ? undefined : `page ${_scroll_id} in place of ${page + 1}`,
    );
  }
  return outcome;
}

async function bigOne({ agent, url, random }, slowly) {
  const bytes = (slowly ? 1 : 4) * 1024 * 1024 + random.below(1000);
  const outcome = await exchange(agent, url, { method: 'GET', path: `/_big?bytes=${bytes}`, slow: slowly });
  if (outcome.status !== 200) return outcome;
  const same = outcome.body.equals(bigAnswer(bytes));
  return { ...outcome, wrong: same ? undefined : `an answer of ${bytes} bytes came changed or cut` };
}

async function big(given) {
  return bigOne(given, false);
}

async function slow(given) {
  return bigOne(given, true);
}

/** A client that goes away before the answer, or in its midst. */
async function gone({ agent, url }) {
  return exchange(agent, url, { method: 'GET', path: '/_big?bytes=2000000', leave: true });
}

async function unknown({ agent, url }) {
  const body = '{"query":{"term":{"territory":"COM:234567"}}}';
  const outcome = await exchange(agent, url, { path: '/articles/_search', body });
  if (outcome.status === 200) return { ...outcome, wrong: 'a code that is none was answered with hits' };
  const due = outcome.status === 400 && outcome.body.includes('unknown_unit_exception');
  // The answer that this request must have is a refusal.
  return due ? { ...outcome, status: 200 } : outcome;
}

async function api({ agent, url, random }) {
  const path = random.of(['/_territory/stats', '/_territory/metrics', '/_territory/readyz', '/_territory/units/DEP:3']);
  const outcome = await exchange(agent, url, { method: 'GET', path });
  if (outcome.status !== 200) return outcome;
  return { ...outcome, wrong: outcome.body.length > 10 ? undefined : `${path} answered nothing` };
}
