import { INDEX } from './demo-index.mjs';

const SOURCE = ['agreement', 'title', 'territories'];
const COMPANIONS = { size: 2, _source: SOURCE };

/**
 * The requests that the demo sends, each as a newcomer would write it. `body` is undefined where there is none;
 * `companions` is sent with the path, but not shown, for it only keeps the answer short.
 */
export const EXAMPLES = [
  {
    title: 'In the URL: articles on pay that name a place in the department Rhône',
    method: 'GET',
    path: `/${INDEX}/_search?q=salaire+AND+territory:DEP:69`,
    companions: `&size=2&_source=${SOURCE.join(',')}`,
  },
  {
    title: 'In a query string: Lyon or the department Ain, but no apprentices',
    method: 'POST',
    path: `/${INDEX}/_search`,
    body: { query: { query_string: { query: 'territory:(COM:69123 OR DEP:01) AND NOT apprenti' } }, ...COMPANIONS },
  },
  {
    title: 'As a term, as every client library and dashboard can send it: the town of Nantes',
    method: 'POST',
    path: `/${INDEX}/_search`,
    body: {
      query: { bool: { must: { match: { text: 'salaire' } }, filter: { term: { territory: 'COM:44109' } } } },
      ...COMPANIONS,
    },
  },
  {
    title: 'As a clause: the region Auvergne-Rhône-Alpes without the department Rhône',
    method: 'POST',
    path: `/${INDEX}/_search`,
    body: { query: { territory: { expression: 'REG:84 - DEP:69', relation: 'within' } }, ...COMPANIONS },
  },
  {
    title: 'In aggregations: how many articles each territory has',
    method: 'POST',
    path: `/${INDEX}/_search`,
    body: {
      size: 0,
      aggs: {
        places: {
          filters: {
            filters: {
              'Métropole de Lyon': { term: { territory: 'EPCI:200046977' } },
              Bretagne: { territory: 'REG:53' },
              'Île-de-France without Paris': { territory: 'REG:11 - DEP:75' },
            },
          },
        },
      },
    },
  },
  {
    title: 'Counted: articles that name a place in Corsica',
    method: 'POST',
    path: `/${INDEX}/_count`,
    body: { query: { term: { territory: 'REG:94' } } },
  },
  {
    title: 'A code that does not exist is an error with suggestions, never an empty page',
    method: 'POST',
    path: `/${INDEX}/_search`,
    body: { query: { term: { territory: 'COM:234' } } },
  },
];

/**
 * Sends an example twice through the proxy with the official client, then asks the proxy what it makes of it, and says
 * all of it in lines for people.
 *
 * @param {import('@elastic/elasticsearch').Client} client on the proxy
 * @param {(typeof EXAMPLES)[number]} example
 * @param {(code: string) => string} labelOf the name of a unit
 * @returns {Promise<string[]>}
 */
export async function showExample(client, { title, method, path, companions = '', body }, labelOf) {
  const first = await send(client, method, path + companions, body);
  const second = await send(client, method, path + companions, body);
  const lines = [`● ${title}`, field('sent', `${method} ${path}`)];
  if (body) lines.push(field('', shown(body)));
  if (first.error) return [...lines, ...errorLines(first, labelOf), ''];

  const rewritten = await client.transport.request(
    { method: 'POST', path: '/_territory/rewrite', body: { method, path, ...(body ? { body } : {}) } },
    { headers: { accept: 'application/json', 'content-type': 'application/json' } },
  );
  lines.push(field('becomes', `${rewritten.method} ${decodeURIComponent(rewritten.path)}`));
  if (rewritten.body) lines.push(field('', shown(rewritten.body)));
  return [
    ...lines,
    ...answerLines(first.answer, labelOf),
    field('time', `${timing(first)}; again: ${timing(second)}`),
    '',
  ];
}

async function send(client, method, path, body) {
  const started = performance.now();
  try {
    const { body: answer, headers } = await client.transport.request({ method, path, body }, { meta: true });
    return { answer, headers, milliseconds: performance.now() - started };
  } catch (error) {
    if (!error.meta?.body?.error) throw error;
    return { error: error.meta.body.error, status: error.meta.statusCode };
  }
}

function answerLines({ count, hits, aggregations }, labelOf) {
  if (count !== undefined) return [field('answer', `${count} articles`)];
  const buckets = Object.entries(aggregations?.places?.buckets ?? {});
  if (buckets.length > 0) {
    return [field('answer', buckets.map(([name, bucket]) => `${name}: ${bucket.doc_count} articles`).join(', '))];
  }
  const heading = ({ agreement, title }) => `${clipped(agreement, 30)}, ${clipped(title.split(' › ').at(-1), 60)}`;
  const places = ({ territories }) =>
    `${territories.slice(0, 5).map(labelled(labelOf)).join(', ')}${territories.length > 5 ? ', …' : ''}`;
  return [
    field('answer', `${hits.total.value} articles${hits.hits.length > 0 ? ', the first of them:' : ''}`),
    ...hits.hits.map(({ _source }) => field('', `“${heading(_source)}” names ${places(_source)}`)),
  ];
}

function errorLines({ error, status }, labelOf) {
  return [
    field('answer', `${status} ${error.type}: ${error.reason}`),
    ...Object.entries(error.suggestions ?? {}).map(([code, meant]) =>
      field('', `${code}: perhaps ${meant.map(labelled(labelOf)).join(', ')}`),
    ),
  ];
}

/** Of the whole round trip, and of the part of it that was rewriting. */
function timing({ milliseconds, headers }) {
  const rewriting = /territory;dur=([\d.]+)/.exec(headers['server-timing'] ?? '')?.[1];
  return `${milliseconds.toFixed(1)} ms, of which rewriting ${rewriting} ms (cache ${headers['x-territory-cache']})`;
}

const labelled = (labelOf) => (code) => `${labelOf(code)} (${code})`;

const field = (name, text) => `    ${name.padEnd(8)}${text}`;

const clipped = (text, length) => (text.length > length ? `${text.slice(0, length)}…` : text);

/** A body without what only keeps the demo's answers short; a long one is cut in the middle. */
function shown(body) {
  const { size, _source, ...rest } = body;
  const text = JSON.stringify(rest);
  return text.length <= 420 ? text : `${text.slice(0, 300)} … ${text.slice(-90)} (${text.length} characters)`;
}
