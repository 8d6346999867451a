/**
 * The query string of a request's URL, read as Elasticsearch reads it (`RestUtils.decodeQueryString`). Targets are raw:
 * one character a byte, as Node's `http` gives them.
 */

export interface UrlParameter {
  readonly name: string;
  readonly value: string;
  /** Offsets in the target of `name=value`; the value is what stands after the first `=`. */
  readonly start: number;
  readonly end: number;
  readonly valueStart: number;
}

export interface UrlQueryString {
  readonly target: string;
  /** As they stand, names given twice included. */
  readonly parameters: readonly UrlParameter[];
}

/**
 * The parameters of a target: `&` and `;` separate them, `+` is a space, `%%` is `%`, `#` ends them. Undefined where an
 * escape is malformed: Elasticsearch answers 400 to the whole request.
 */
export function readQueryString(target: string): UrlQueryString | undefined {
  const begin = target.indexOf('?') + 1;
  if (begin === 0) return { target, parameters: [] };
  const stop = queryEnd(target);
  const parameters: UrlParameter[] = [];
  for (let start = begin; start < stop; ) {
    const end = segmentEnd(target, start, stop);
    const parameter = readParameter(target, start, end);
    if (parameter === null) return undefined;
    if (parameter !== undefined) parameters.push(parameter);
    start = end + 1;
  }
  return { target, parameters };
}

/** The parameter of that name that counts: the last one. */
export function lastParameter(query: UrlQueryString, name: string): UrlParameter | undefined {
  return query.parameters.findLast((parameter) => parameter.name === name);
}

/** The target without some of its parameters, each with one separator, and without a `?` before nothing. */
export function withoutParameters({ target, parameters }: UrlQueryString, names: ReadonlySet<string>): string {
  const dropped = parameters.filter(({ name }) => names.has(name));
  if (dropped.length === 0) return target;
  const begin = target.indexOf('?') + 1;
  const stop = queryEnd(target);
  let kept = target.slice(0, begin);
  let from = begin;
  for (const { start, end } of dropped) {
    kept += target.slice(from, start);
    from = Math.min(end + 1, stop);
  }
  const rest = target.slice(from, stop);
  // What is last has no separator behind it, and a question mark needs something to ask.
  if (rest === '') kept = kept.slice(0, -1);
  return kept + rest + target.slice(stop);
}

/** Where the query string ends. */
export function queryEnd(target: string): number {
  const hash = target.indexOf('#');
  return hash < 0 ? target.length : hash;
}

/**
 * A raw name or value as Elasticsearch decodes it: UTF-8 where anything is escaped, otherwise each byte a character.
 * Null where an escape is malformed.
 */
export function decodeComponent(raw: string): string | null {
  if (!/[%+]/.test(raw)) return raw;
  const bytes = Buffer.allocUnsafe(raw.length);
  let length = 0;
  for (let i = 0; i < raw.length; i++) {
    const char = raw[i];
    if (char === '+') bytes[length++] = 0x20;
    else if (char !== '%') bytes[length++] = raw.charCodeAt(i);
    else if (raw[i + 1] === '%') {
      bytes[length++] = 0x25;
      i++;
    } else {
      const digits = raw.slice(i + 1, i + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) return null;
      bytes[length++] = Number.parseInt(digits, 16);
      i += 2;
    }
  }
  return bytes.toString('utf8', 0, length);
}

function segmentEnd(target: string, start: number, stop: number): number {
  for (let i = start; i < stop; i++) if (target[i] === '&' || target[i] === ';') return i;
  return stop;
}

/** Undefined for an empty segment, null for a malformed one. */
function readParameter(target: string, from: number, end: number): UrlParameter | null | undefined {
  // An `=` without a name before it is skipped.
  let start = from;
  while (target[start] === '=' && start < end) start++;
  if (start === end) return undefined;
  const equals = target.indexOf('=', start);
  const nameEnd = equals < 0 || equals >= end ? end : equals;
  const valueStart = Math.min(nameEnd + 1, end);
  const name = decodeComponent(target.slice(start, nameEnd));
  const value = decodeComponent(target.slice(valueStart, end));
  return name === null || value === null ? null : { name, value, start: from, end, valueStart };
}
