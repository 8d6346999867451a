import { z } from 'zod';
import { explore } from '../exploration.js';
import { defineRoute, type Route } from '../route.js';
import * as schemas from '../schemas.js';
import { readTerritory } from '../territories.js';

const count = z.int().min(0);
const listed = z.object({
  total: count,
  units: z.array(z.object({ code: z.string(), label: z.string(), inhabitants: z.number().optional(), atoms: count })),
});

const exploration = z
  .object({
    version: z.string(),
    atomCount: count,
    inhabitants: z.number().optional().describe('the sum of the known ones'),
    resolved: z.record(z.string(), z.array(z.string())).describe('former codes, with what took over'),
    cover: listed.describe('the canonical cover; the first units in code order'),
    covering: listed.describe('the largest units of all partitions inside'),
    around: listed.describe('units that hold the whole territory'),
    inside: z.record(z.string(), count).describe('units wholly inside, by level'),
    smallest: z.string().optional().describe('the smallest unit that holds it all'),
    map: z.object({
      level: z.string().describe('the lowest level of the primary partition with at most 250 units'),
      shares: z
        .array(z.object({ code: z.string(), label: z.string(), atoms: count, shared: count }))
        .describe('units of that level that share atoms with the territory, and how many'),
    }),
    forms: z
      .object({ lucene: z.string(), clause: z.string(), url: z.string() })
      .describe('how to write it in a request'),
  })
  .meta({ id: 'Exploration', description: 'A territory as the explorer shows it.' });

/** @param shorthand the name that stands for territories in queries */
export function exploreRoutes(shorthand: string): readonly Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/explore',
      summary: 'A territory as the explorer shows it: lists of bounded length, counts, shares on the map',
      body: schemas.territory,
      answers: { 200: { description: 'The territory.', schema: exploration } },
      handle({ body, services }) {
        const { tree } = services.rewriter();
        return { json: explore(tree, readTerritory(tree, body), shorthand) };
      },
    }),
  ];
}
