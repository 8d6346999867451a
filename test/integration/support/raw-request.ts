import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  /** The status line and the headers, as they came. */
  head: string;
  /** Every header by its lower-case name; of a repeated one all values. */
  headers: Record<string, string[]>;
  /** The body's bytes as they came, chunk frames included; `body` has them taken off. */
  rawBody: Buffer;
  body: Buffer;
}

/**
 * Sends exactly these bytes on a connection of its own and gives exactly the bytes that come back, so that a test sees
 * what a client library would hide.
 *
 * The request should say `Connection: close`: the answer ends where the server closes the connection.
 * @throws when the connection fails, or nothing closes it within `timeoutMs`
 */
export async function rawRequest(url: string, bytes: Buffer | string, timeoutMs = 120_000): Promise<RawAnswer> {
  return readAnswer(await rawExchange(url, bytes, timeoutMs));
}

/** As `rawRequest`, but all that came back, unparsed. */
export function rawExchange(url: string, bytes: Buffer | string, timeoutMs = 120_000): Promise<Buffer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`No end of the answer within ${timeoutMs} ms.`)));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks)));
    socket.on('error', reject);
  });
}

/** Takes one HTTP/1.1 answer apart. */
export function readAnswer(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`No head in the answer: ${bytes.subarray(0, 200).toString('latin1')}`);
  const head = bytes.subarray(0, end).toString('latin1');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers: Record<string, string[]> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers[name] ??= [];
    headers[name].push(line.slice(colon + 1).trim());
  }
  const rawBody = bytes.subarray(end + 4);
  const chunked = headers['transfer-encoding']?.includes('chunked');
  return {
    status: Number(statusLine.split(' ')[1]),
    head,
    headers,
    rawBody,
    body: chunked ? joinChunks(rawBody) : rawBody,
  };
}

function joinChunks(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (lineEnd < 0 || Number.isNaN(size)) throw new Error(`A broken chunk at byte ${at} of the answer.`);
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
