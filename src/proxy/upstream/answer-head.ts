import { answeredHeaders, headerLines, headerValue } from '../headers.js';

/** The head of an answer of Elasticsearch. */
export interface AnswerHead {
  readonly status: number;
  /** Reason phrase, possibly empty. */
  readonly reason: string;
  /** `[name, value, …]` as they go on to the client: without those of the connection, but with the length. */
  readonly headers: readonly string[];
  /** The same as lines, each with its end. */
  readonly lines: string;
  /** `Content-Length`; -1 where there is none. */
  readonly length: number;
  readonly chunked: boolean;
  /** Whether the connection may be used again after this answer. */
  readonly reusable: boolean;
  /** How long the other side keeps an idle connection, in seconds (`Keep-Alive: timeout`); 0 where it does not say. */
  readonly keepAliveSeconds: number;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
}

/** What came is no answer of HTTP/1.1, or one that two readers may read differently. */
export class MalformedAnswer extends Error {
  readonly code = 'MALFORMED_ANSWER';
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;
const LENGTH = /^\d{1,15}$/;

/**
 * Reads the head of an answer, strictly: what is not plain HTTP/1.1 (RFC 9112) is an error, so that nobody can take the
 * end of one answer for the beginning of the next.
 * @param text the bytes up to the blank line, without it, as Latin-1
 */
export function parseAnswerHead(text: string): AnswerHead {
  const [first = '', ...rest] = text.split('\r\n');
  const status = STATUS_LINE.exec(first);
  if (status === null) throw new MalformedAnswer(`not a status line of HTTP/1.1: ${shown(first)}`);
  const raw: string[] = [];
  for (const line of rest) {
    const header = HEADER.exec(line);
    if (header === null) throw new MalformedAnswer(`not a header: ${shown(line)}`);
    raw.push(header[1]!, header[2]!.replace(/[ \t]+$/, ''));
  }
  const headers = answeredHeaders(raw);
  const modern = status[1] === '1';
  const chunked = isChunked(raw, modern);
  const length = lengthOf(raw);
  if (chunked && length >= 0) throw new MalformedAnswer('both Content-Length and Transfer-Encoding');
  return {
    status: Number(status[2]),
    reason: status[3] ?? '',
    headers,
    lines: headerLines(headers),
    length,
    chunked,
    reusable: modern && !/(?:^|,)\s*close\s*(?:,|$)/i.test(valuesOf(raw, 'connection').join(',')),
    keepAliveSeconds: Number(/timeout=(\d{1,6})/i.exec(headerValue(raw, 'keep-alive') ?? '')?.[1] ?? 0),
    contentType: headerValue(headers, 'content-type'),
    contentEncoding: headerValue(headers, 'content-encoding'),
  };
}

function isChunked(raw: readonly string[], modern: boolean): boolean {
  const values = valuesOf(raw, 'transfer-encoding');
  if (values.length === 0) return false;
  if (values.length === 1 && modern && values[0]!.toLowerCase() === 'chunked') return true;
  throw new MalformedAnswer(`Transfer-Encoding ${shown(values.join(', '))} is not one that can be read`);
}

function lengthOf(raw: readonly string[]): number {
  const values = valuesOf(raw, 'content-length');
  if (values.length === 0) return -1;
  if (values.length > 1 || !LENGTH.test(values[0]!)) {
    throw new MalformedAnswer(`Content-Length ${shown(values.join(', '))} is not one number`);
  }
  return Number(values[0]);
}

function valuesOf(raw: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < raw.length; i += 2) if (raw[i]!.toLowerCase() === name) values.push(raw[i + 1]!);
  return values;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
