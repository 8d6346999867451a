/** The requests of the proxy benchmark. */

function post(path: string, body: string, type = 'json'): Buffer {
  const media = `application/vnd.elasticsearch+${type}; compatible-with=8`;
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost:9280\r\nuser-agent: elasticsearch-js/8.19\r\naccept: application/vnd.elasticsearch+json; compatible-with=8\r\n` +
      `content-type: ${media}\r\nconnection: keep-alive\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const search = (filter: object): string =>
  JSON.stringify({
    size: 10,
    _source: ['title', 'date', 'territories'],
    query: {
      bool: {
        must: [{ match: { text: 'salaire minimum conventionnel' } }],
        filter: [filter, { range: { date: { gte: '2020-01-01' } } }],
      },
    },
    sort: [{ date: 'desc' }],
    track_total_hits: true,
  });

const KIND = { term: { kind: 'text' } };

const line = `${JSON.stringify({ index: { _index: 'articles' } })}\n${JSON.stringify({ title: 'x'.repeat(200), territories: ['COM:69123'], date: '2024-01-01' })}\n`;

/** A search in an index for what a filter lets through. */
export const searchOf = (index: string, filter: object): Buffer => post(`/${index}/_search`, search(filter));

export const WITHOUT = searchOf('articles', KIND);
export const SHORTHAND = searchOf('articles', { territory: 'DEP:69' });
export const MSEARCH = post('/_msearch', `{"index":"articles"}\n${search(KIND)}\n`.repeat(10), 'x-ndjson');
export const BULK = post('/_bulk', line.repeat(Math.ceil(2 ** 20 / line.length)), 'x-ndjson');
