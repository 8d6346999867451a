import { parseDocument } from 'yaml';
import type { ConfigFault } from './error.js';

/** What a YAML file holds, as far as it could be read. */
export interface ConfigDocument {
  readonly values: Record<string, unknown>;
  readonly faults: readonly ConfigFault[];
}

/**
 * Reads a YAML text (1.2, core schema). `indices` becomes a list of pairs, in the order of the file; every other
 * mapping becomes an object without a prototype.
 */
export function readDocument(text: string, file: string): ConfigDocument {
  const document = parseDocument(text, { prettyErrors: true });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    return {
      values: {},
      faults: problems.map((problem) => ({ path: file, message: problem.message.split('\n')[0] ?? '' })),
    };
  }
  const root: unknown = document.toJS({ mapAsMap: true });
  if (root === null || root === undefined) return { values: {}, faults: [] };
  if (!(root instanceof Map)) return { values: {}, faults: [{ path: file, message: 'must hold keys with values' }] };
  const values: Record<string, unknown> = Object.create(null);
  for (const [key, value] of root) {
    values[String(key)] =
      key === 'indices' && value instanceof Map
        ? [...value].map(([name, fields]) => [name, plain(fields)])
        : plain(value);
  }
  return { values, faults: [] };
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, member] of value) object[String(key)] = plain(member);
  return object;
}
