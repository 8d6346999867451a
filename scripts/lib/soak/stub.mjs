// A stand-in for Elasticsearch that tells of each request what it got, so that the client can check it. Run as a process
// of its own (arguments: port, file), so that it can be killed: what must not happen twice it notes in a file.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { bigAnswer, sha1 } from './agreed.mjs';

const [port, notes] = [Number(process.argv[2]), process.argv[3]];
function send(response, value) {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  response.writeHead(200, {
    'X-elastic-product': 'Elasticsearch',
    'content-type': 'application/json',
    'content-length': bytes.length,
  });
  response.end(bytes);
}

function hitsOf(target, body) {
  return { took: 1, timed_out: false, hits: { total: { value: 1, relation: 'eq' }, hits: [] }, got: { target, body } };
}

function answer(target, body, response) {
  const url = new URL(target, 'http://stub');
  const once = url.searchParams.get('once');
  if (once !== null) appendFileSync(notes, `${once}\n`);
  if (url.pathname.includes('/_mapping/')) send(response, {});
  else if (url.pathname === '/_big') send(response, bigAnswer(Number(url.searchParams.get('bytes'))));
  else if (url.pathname.endsWith('/_bulk')) send(response, { took: 1, errors: false, items: [], sha1: sha1(body) });
  else if (url.pathname.endsWith('/_msearch')) {
    const lines = body.toString().trimEnd().split('\n');
    const searches = lines.filter((_, i) => i % 2 === 1);
    send(response, { took: 1, responses: searches.map((line) => ({ ...hitsOf(target, line), status: 200 })) });
  } else if (url.pathname === '/_search/scroll') {
    const page = Number(JSON.parse(body.toString()).scroll_id) + 1;
    send(response, { _scroll_id: String(page), ...hitsOf(target, '') });
  } else if (url.searchParams.has('scroll')) send(response, { _scroll_id: '0', ...hitsOf(target, body.toString()) });
  else setTimeout(() => send(response, hitsOf(target, body.toString())), Number(url.searchParams.get('ms') ?? 0));
}

createServer(async (request, response) => {
  const chunks = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return; // the proxy was killed in the midst of it
  }
  answer(request.url, Buffer.concat(chunks), response);
})
  .on('clientError', (_error, socket) => socket.destroy())
  .listen(port, '127.0.0.1', 1024, () => process.send?.('up'));
