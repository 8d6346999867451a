import type { z } from 'zod';
import type { ConfigFault } from './error.js';
import { nearest } from './nearest.js';

/** The faults that an issue of zod stands for: several where it tells of several unknown keys. */
export function toFaults(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  root: string,
  value: unknown,
): ConfigFault[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: pathText(root, issue.path, value), message: issue.message }];
  const known = knownKeys(schema, issue.path);
  return issue.keys.map((key) => ({
    path: pathText(root, [...issue.path, key], value),
    message: 'is not known',
    hint: keyHint(key, known),
  }));
}

export function keyHint(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return near === undefined ? `known here: ${known.join(', ')}` : `did you mean ${near}?`;
}

/** `indices["articles*"].units`: the pairs of `indices` are shown as the mapping that was written. */
function pathText(root: string, path: readonly PropertyKey[], value: unknown): string {
  if (root !== 'indices' || typeof path[0] !== 'number') return join(root, path);
  const pattern: unknown = Array.isArray(value) ? value[path[0]]?.[0] : undefined;
  return join(`indices[${JSON.stringify(pattern)}]`, path.slice(2));
}

function join(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    root,
  );
}

/** The keys that an object of the schema may have, found along a path and through defaults, options and nulls. */
function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let node = inner(schema);
  for (const part of path) {
    const { def } = node._zod as { def: z.core.$ZodTypeDef };
    if (def.type === 'object') node = inner((def as z.core.$ZodObjectDef).shape[String(part)] as z.core.$ZodType);
    else if (def.type === 'array') node = inner((def as z.core.$ZodArrayDef).element);
    else if (def.type === 'tuple') node = inner((def as z.core.$ZodTupleDef).items[Number(part)] as z.core.$ZodType);
  }
  const def = node._zod.def as z.core.$ZodObjectDef;
  return def.type === 'object' ? Object.keys(def.shape) : [];
}

function inner(schema: z.core.$ZodType): z.core.$ZodType {
  const def = schema._zod.def as { innerType?: z.core.$ZodType };
  return def.innerType === undefined ? schema : inner(def.innerType);
}
