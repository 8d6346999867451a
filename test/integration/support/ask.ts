/** An answer, read as JSON where it is. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as it came. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever an Elasticsearch of any version answers
  readonly json: any;
}

/**
 * Asks a server without a client library, which would know one version only.
 *
 * @param body an object, sent as JSON, or text, sent as it is; an array is sent as NDJSON
 */
export async function ask(
  url: string,
  method: string,
  path: string,
  body?: object | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const lines = Array.isArray(body);
  const sent =
    body === undefined || typeof body === 'string'
      ? body
      : lines
        ? body.map((line) => `${JSON.stringify(line)}\n`).join('')
        : JSON.stringify(body);
  const type: Record<string, string> =
    sent === undefined ? {} : { 'content-type': lines ? 'application/x-ndjson' : 'application/json' };
  const response = await fetch(url + path, {
    method,
    headers: { ...type, ...headers },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** The same, and throws where the answer is an error. */
export async function must(...request: Parameters<typeof ask>): Promise<Answer> {
  const answer = await ask(...request);
  if (answer.status >= 400) throw new Error(`${request[1]} ${request[2]}: ${answer.status} ${answer.text}`);
  return answer;
}

/** The ids of a search's hits, sorted. */
export function idsOf(answer: { hits: { hits: readonly { _id: string }[] } }): string[] {
  return answer.hits.hits.map(({ _id }) => _id).sort();
}
