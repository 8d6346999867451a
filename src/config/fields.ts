import { z } from 'zod';

/** Building blocks of the schema, whose messages say what was expected and what was found. */

/** A value as an error shows it: JSON, cut where it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export function text(what = 'a text') {
  return z
    .string({ error: (issue) => `must be ${what}, not ${shown(issue.input)}` })
    .min(1, { error: `must be ${what}, not empty` });
}

export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const error = (issue: { input?: unknown }) => `must be a whole number ${range}, not ${shown(issue.input)}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function yesOrNo() {
  return z.boolean({ error: (issue) => `must be true or false, not ${shown(issue.input)}` });
}

export function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, { error: (issue) => `must be one of ${words.join(', ')}, not ${shown(issue.input)}` });
}

export function listOf<T extends z.ZodType>(item: T, what: string) {
  return z
    .array(item, { error: (issue) => `must be a list of ${what}, not ${shown(issue.input)}` })
    .min(1, { error: `must name at least one of ${what}` });
}

/** An object that knows its keys; unknown ones are reported by zod as `unrecognized_keys`. */
export function keys<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'invalid_type' ? `must be keys with values, not ${shown(issue.input)}` : undefined,
  });
}

/** A name of a time zone as this system knows it. */
export function timeZone() {
  return text('a time zone').refine(isTimeZone, {
    error: (issue) => `must be a time zone such as Europe/Paris, not ${shown(issue.input)}`,
  });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A URL of http or https whose path may be a secret, so no message shows it. */
export function secretUrl() {
  return z
    .string({ error: 'must be a URL' })
    .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), {
      error: 'must be a URL of http or https',
    });
}
