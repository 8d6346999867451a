import { createServer } from 'node:net';

/** About what a search for ten titles answers: 3 kB. */
const HIT = { _index: 'articles', _id: '1', _score: 1.5, _source: { title: 'x'.repeat(210) } };
const SEARCH = {
  took: 3,
  timed_out: false,
  _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
  hits: { total: { value: 345, relation: 'eq' }, hits: Array.from({ length: 10 }, () => HIT) },
};
const BULK = {
  took: 30,
  errors: false,
  items: Array.from({ length: 20 }, () => ({ index: { _id: '1', status: 201 } })),
};

function answerOf(body: object): Buffer {
  const bytes = Buffer.from(JSON.stringify(body));
  return Buffer.concat([
    Buffer.from(
      `HTTP/1.1 200 OK\r\nX-elastic-product: Elasticsearch\r\ncontent-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`,
    ),
    bytes,
  ]);
}

const ONE = answerOf(SEARCH);
const TEN = answerOf({ took: 3, responses: Array.from({ length: 10 }, () => SEARCH) });
const ITEMS = answerOf(BULK);

/** A server that stands for Elasticsearch: it answers with the same bytes, for as little work as Node allows. */
export function startStub(listening: (port: number) => void): void {
  const server = createServer((socket) => {
    let missing = 0;
    let answer = ONE;
    let rest: Buffer | undefined;
    socket.setNoDelay(true).on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      let bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      rest = undefined;
      while (bytes.length > 0) {
        if (missing > 0) {
          const taken = Math.min(missing, bytes.length);
          missing -= taken;
          bytes = bytes.subarray(taken);
          if (missing === 0) socket.write(answer);
          continue;
        }
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) {
          rest = bytes;
          return;
        }
        const head = bytes.toString('latin1', 0, end);
        answer = head.includes('/_msearch') ? TEN : head.includes('/_bulk') ? ITEMS : ONE;
        missing = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
        bytes = bytes.subarray(end + 4);
        if (missing === 0) socket.write(answer);
      }
    });
  });
  server.listen(0, '127.0.0.1', () => listening((server.address() as { port: number }).port));
}
