import type { IncomingHttpHeaders } from 'node:http';

/** The values of the headers that the data path reads, by lower-case name; `undefined` where there is none. */
export type HeaderValues = Readonly<Record<ReadName, string | undefined>>;

export type ReadName =
  | 'host'
  | 'accept'
  | 'content-type'
  | 'content-encoding'
  | 'x-opaque-id'
  | 'x-territory-version'
  | 'authorization'
  | 'traceparent'
  | 'tracestate';

/** To be filled. With each name from the start, for what is asked of objects of one shape is found at once, there or not. */
export function noValues(): Record<ReadName, string | undefined> {
  return {
    host: undefined,
    accept: undefined,
    'content-type': undefined,
    'content-encoding': undefined,
    'x-opaque-id': undefined,
    'x-territory-version': undefined,
    authorization: undefined,
    traceparent: undefined,
    tracestate: undefined,
  };
}

export const READ_NAMES: ReadonlySet<string> = new Set(Object.keys(noValues()));

/** What node:http read: of several it joined the values, or took the first. */
export function valuesOf(headers: IncomingHttpHeaders): HeaderValues {
  const values = noValues();
  for (const name of READ_NAMES) values[name as ReadName] = headers[name] as string | undefined;
  return values;
}
