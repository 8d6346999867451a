import { exchange } from './exchange.mjs';
import { checked, expression } from './operations.mjs';

/**
 * What clients do where a real Elasticsearch answers: each commune of the larger map has one document (`RealUpstream`),
 * so the hits of a territory are known.
 */
export const REAL_PARTS = { search: 30, query: 15, plain: 20, msearch: 8, count: 10, scroll: 4, bulk: 6, unknown: 4 };

const NDJSON = 'application/x-ndjson';

/** What is wrong with a number of hits. */
function wrongHits(truth, written, hits, version) {
  const codes = truth.codes(written, version);
  if (codes === undefined) return `an answer with a map that is none: ${version}`;
  const due = codes.filter((code) => code.startsWith('COM:')).length;
  return hits === due ? undefined : `${written} has ${hits} hits in place of ${due}`;
}

/** Operations on the index `name`. */
export function realOperations(name) {
  const path = `/${name}/_search?track_total_hits=true&size=0&filter_path=took,hits.total,responses.hits.total,responses.error.type,_scroll_id`;
  const hitsOf = ({ hits }) => hits.total.value;
  const version = ({ headers }) => headers['x-territory-version'];

  async function ask({ agent, url, random, truth }, bodyOf) {
    const written = expression(random);
    const body = JSON.stringify({ query: bodyOf(written) });
    return checked(await exchange(agent, url, { path, body }), (answer, outcome) =>
      wrongHits(truth, written, hitsOf(answer), version(outcome)),
    );
  }

  return {
    search: (given) => ask(given, (written) => ({ bool: { filter: [{ term: { territory: written } }] } })),
    query: (given) => ask(given, (written) => ({ query_string: { query: `text:salaire AND territory:"${written}"` } })),
    async plain({ agent, url }) {
      const body = '{"query":{"match_all":{}}}';
      const outcome = await exchange(agent, url, { path: `/${name}/_count`, body });
      return checked(outcome, ({ count }) => (count === 3100 ? undefined : `${count} documents in place of 3100`));
    },
    async count({ agent, url, random, truth }) {
      const written = expression(random);
      const target = `/${name}/_count?q=${encodeURIComponent(`territory:"${written}"`)}`;
      return checked(await exchange(agent, url, { method: 'GET', path: target }), ({ count }, outcome) =>
        wrongHits(truth, written, count, version(outcome)),
      );
    },
    async msearch({ agent, url, random, truth }) {
      const written = [expression(random), 'COM:nowhere', expression(random)];
      const lines = written.map(
        (one) => `{}\n${JSON.stringify({ query: { term: { territory: one } }, track_total_hits: true })}\n`,
      );
      const target = path.replace('/_search', '/_msearch').replace('track_total_hits=true&size=0&', '');
      const outcome = await exchange(agent, url, { path: target, body: lines.join(''), type: NDJSON });
      return checked(outcome, ({ responses }, answered) => {
        if (responses[1]?.error?.type !== 'unknown_unit_exception')
          return 'the refused search has no error in its place';
        const wrong = [0, 2].map((i) => wrongHits(truth, written[i], hitsOf(responses[i]), version(answered)));
        return wrong.find((one) => one !== undefined);
      });
    },
    async scroll({ agent, url, random, truth }) {
      const written = expression(random);
      const body = JSON.stringify({ query: { term: { territory: written } }, size: 100, _source: false });
      let outcome = await exchange(agent, url, { path: `/${name}/_search?scroll=1m`, body });
      if (outcome.status !== 200) return outcome;
      const made = version(outcome);
      let seen = 0;
      for (;;) {
        const { _scroll_id, hits } = JSON.parse(outcome.body.toString());
        seen += hits.hits.length;
        const done = hits.hits.length < 100;
        // Of a scroll that is through Elasticsearch gives no id: there is nothing to delete.
        if (done && _scroll_id === undefined) return { ...outcome, wrong: wrongHits(truth, written, seen, made) };
        const next = {
          method: done ? 'DELETE' : 'POST',
          path: '/_search/scroll',
          body: JSON.stringify({ scroll_id: _scroll_id }),
        };
        const answered = await exchange(agent, url, next);
        if (answered.status !== 200) return answered;
        if (done) return { ...answered, wrong: wrongHits(truth, written, seen, made) };
        outcome = answered;
      }
    },
    async bulk({ agent, url, random, id, acknowledged }) {
      const lines = 1 + random.below(200);
      const body = `{"index":{}}\n{"once":"${id}","text":"territory"}\n`.repeat(lines);
      const outcome = await exchange(agent, url, { path: `/${name}-written/_bulk`, body, type: NDJSON });
      acknowledged.set(id, { lines, sure: outcome.status === 200 });
      return checked(outcome, ({ errors, items }) =>
        !errors && items.length === lines ? undefined : `a bulk of ${lines} lines has ${items?.length} items`,
      );
    },
    async unknown({ agent, url }) {
      const outcome = await exchange(agent, url, { path, body: '{"query":{"term":{"territory":"COM:234567"}}}' });
      if (outcome.status === 200) return { ...outcome, wrong: 'a code that is none was answered with hits' };
      const due = outcome.status === 400 && outcome.body.includes('unknown_unit_exception');
      return due ? { ...outcome, status: 200 } : outcome;
    },
  };
}
