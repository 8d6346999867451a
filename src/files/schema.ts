import { z } from 'zod';
import { TerritoryError, UnknownUnitError } from '../territory/errors.js';
import { Territory } from '../territory/territory.js';
import type { TerritoryTree } from '../territory/tree.js';

/** A unit, by its code; what else it has is not looked at. */
const unitLike = z.looseObject({ code: z.string() });

/** How a territory may come in: an expression, a list of codes or units, or an object with one of these. */
const written = z.union([
  z.string(),
  z.array(z.union([z.string(), unitLike])),
  z.looseObject({ expression: z.string() }),
  z.looseObject({ codes: z.array(z.string()) }),
  z.looseObject({ units: z.array(unitLike) }),
]);

/** A territory as it comes in: `"REG:84 - DEP:69"`, `["COM:69123"]`, `{codes}`, `{expression}`, `{units: [{code}]}`. */
export type WrittenTerritory = z.infer<typeof written>;

/**
 * A zod schema of the territories of a tree, for the edge of an API. `parse` takes what a `WrittenTerritory` may be,
 * also what `territory.toJSON()` gave, and gives a `Territory`; `z.encode` gives `{version, codes, atomCount}` back.
 * What the tree does not know or can't read is an issue, of code `custom`, with the members of our own error in
 * `params`: `type`, and `units` and `suggestions`, or `column`.
 */
export function territorySchema(tree: TerritoryTree) {
  return z.codec(written, z.instanceof(Territory), {
    decode: (value, context) => {
      try {
        return read(tree, value);
      } catch (error) {
        if (!(error instanceof TerritoryError)) throw error;
        for (const issue of issuesOf(error, value)) context.issues.push({ ...issue, code: 'custom', input: value });
        return z.NEVER;
      }
    },
    encode: (territory) => territory.toJSON(),
  });
}

function read(tree: TerritoryTree, value: WrittenTerritory): Territory {
  if (typeof value === 'string') return tree.parse(value);
  if (!Array.isArray(value) && typeof value.expression === 'string') return tree.parse(value.expression);
  return tree.territoryOf(listOf(value).map((item) => (typeof item === 'string' ? item : item.code)));
}

function listOf(value: Exclude<WrittenTerritory, string>): readonly (string | { readonly code: string })[] {
  if (Array.isArray(value)) return value;
  return (value.codes ?? value.units) as readonly (string | { readonly code: string })[];
}

interface Issue {
  readonly message: string;
  readonly path: PropertyKey[];
  readonly params: Record<string, unknown>;
}

/** One issue for each unknown code of a list, at its place; else one for the whole. */
function issuesOf(error: TerritoryError, value: WrittenTerritory): Issue[] {
  const member = typeof value === 'string' || Array.isArray(value) ? [] : [memberOf(value)];
  if (!(error instanceof UnknownUnitError) || member[0] === 'expression' || typeof value === 'string') {
    return [{ message: error.message, path: member, params: { type: error.type, ...error.details() } }];
  }
  const unknown = new Set(error.units);
  return listOf(value).flatMap((item, i) => {
    const code = typeof item === 'string' ? item : item.code;
    if (!unknown.has(code)) return [];
    const one = new UnknownUnitError([code], { [code]: error.suggestions[code] ?? [] });
    const path = [...member, i, ...(typeof item === 'string' ? [] : ['code'])];
    return [{ message: one.message, path, params: { type: one.type, ...one.details() } }];
  });
}

function memberOf(value: object): string {
  return ['expression', 'codes', 'units'].find((name) => name in value)!;
}
