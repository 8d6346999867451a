/**
 * The media type of a body that came in the URL, or that the client did not send at all: with the version that its
 * `Accept` names, for Elasticsearch wants both headers to name the same one or none. Of a list in `Accept` it reads none.
 *
 * @param given what the client said of the body, if it sent one
 */
export function bodyType(accept: string | undefined, given = 'application/json'): string {
  const version = VERSIONED.exec(accept ?? '')?.[1];
  const kind = /ndjson/i.test(given) ? 'x-ndjson' : 'json';
  if (version !== undefined) return `application/vnd.elasticsearch+${kind};compatible-with=${version}`;
  return /vnd\.elasticsearch/i.test(given) ? `application/${kind}` : given;
}

const VERSIONED = /^\s*application\/vnd\.elasticsearch\+[\w-]+\s*;[^,]*\bcompatible-with\s*=\s*(\d+)[^,]*$/i;
