import { z } from 'zod';
import { UnknownUnitError } from '../../territory/errors.js';
import type { TerritoryTree } from '../../territory/tree.js';
import { along, DIRECTIONS } from '../arrows.js';
import { IllegalArgumentError, UnitsNotFoundError } from '../errors.js';
import { defineRoute, type Route } from '../route.js';
import * as schemas from '../schemas.js';

const params = z.strictObject({ code: z.string().describe('code of a unit').meta({ example: 'COM:69123' }) });

/** The indices of units, in the order of their codes. Throws an error that names all unknown ones. */
function found(tree: TerritoryTree, codes: readonly string[]): number[] {
  const unknown = codes.filter((code) => tree.indexOf(code) < 0);
  if (unknown.length > 0) {
    const suggestions = Object.fromEntries(unknown.map((code) => [code, tree.suggest(code)]));
    throw new UnitsNotFoundError(new UnknownUnitError(unknown, suggestions));
  }
  return codes.map((code) => tree.indexOf(code));
}

/** The first units of a level, in code order. */
function ofLevel(tree: TerritoryTree, level: string, size: number): number[] {
  const units: number[] = [];
  for (const key of tree.snapshot.sections.byRank) {
    if (units.length === size) break;
    if (key < tree.unitCount && tree.levelAt(key) === level) units.push(key);
  }
  return units;
}

function knownLevel(tree: TerritoryTree, level: string | undefined): void {
  if (level === undefined || tree.levels.includes(level)) return;
  throw new IllegalArgumentError(`level: [${level}] is none of the levels of this map: ${tree.levels.join(', ')}`);
}

const list = defineRoute({
  method: 'get',
  path: '/units',
  summary: 'Units by their codes, or by name',
  description:
    'With `ids` the units of these codes, in their order. With `label` those whose name, code or postal code it finds, ' +
    'best first. With `level` alone the units of that level, in code order.',
  query: z.strictObject({
    ids: z.string().describe('codes with commas between them').meta({ example: 'COM:69123,DEP:01' }).optional(),
    label: z.string().min(1).describe('name, or the beginning of one').optional(),
    level: z.string().describe('only units of this level').meta({ example: 'DEP' }).optional(),
    size: z.coerce.number().int().min(1).max(10_000).describe('at most how many; 10 where absent').optional(),
  }),
  answers: {
    200: { description: 'The units.', schema: schemas.units },
    404: { description: 'Codes that no unit has: all of them, with suggestions.', schema: schemas.error },
  },
  handle({ query: { ids, label, level, size = 10 }, services }) {
    const { tree } = services.rewriter();
    if (ids !== undefined) {
      if (label !== undefined || level !== undefined)
        throw new IllegalArgumentError('ids: stands alone, without label or level');
      const codes = ids.split(',').filter((code) => code !== '');
      return { tree, units: found(tree, [...new Set(codes)]) };
    }
    knownLevel(tree, level);
    if (label !== undefined) return { json: { version: tree.version, units: tree.search(label, { level, size }) } };
    if (level === undefined) throw new IllegalArgumentError('give ids, label or level');
    return { tree, units: ofLevel(tree, level, size) };
  },
});

const one = defineRoute({
  method: 'get',
  path: '/units/:code',
  summary: 'One unit',
  params,
  answers: {
    200: { description: 'The unit.', schema: schemas.unit },
    404: { description: 'No unit has this code; suggestions.', schema: schemas.error },
  },
  handle({ params: { code }, services }) {
    const { tree } = services.rewriter();
    const [index = -1] = found(tree, [code]);
    return { json: tree.unitAt(index) };
  },
});

const SUMMARIES = {
  parents: 'The units right above one, along the arrows',
  children: 'The units right below one, along the arrows',
  ancestors: 'All units above one, along the arrows',
  descendants: 'All units below one, along the arrows',
};

const around = DIRECTIONS.map((direction) =>
  defineRoute({
    method: 'get',
    path: `/units/:code/${direction}`,
    summary: SUMMARIES[direction],
    params,
    query: z.strictObject({
      level: z.string().describe('only units of this level').meta({ example: 'COM' }).optional(),
    }),
    answers: {
      200: { description: 'The units, in code order.', schema: schemas.units },
      404: { description: 'No unit has this code; suggestions.', schema: schemas.error },
    },
    handle({ params: { code }, query: { level }, services }) {
      const { tree } = services.rewriter();
      knownLevel(tree, level);
      const [index = -1] = found(tree, [code]);
      const units = along(tree, index, direction);
      return { tree, units: level === undefined ? units : units.filter((unit) => tree.levelAt(unit) === level) };
    },
  }),
);

export const unitRoutes: readonly Route[] = [list, one, ...around];
