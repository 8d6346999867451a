import { defineRoute, type Route } from '../route.js';
import * as schemas from '../schemas.js';
import { compareTerritories, readTerritory, toResolution } from '../territories.js';

const resolve = defineRoute({
  method: 'post',
  path: '/resolve',
  summary: 'What a territory is',
  body: schemas.territory,
  answers: { 200: { description: 'The territory.', schema: schemas.resolution } },
  handle({ body, services }) {
    return { json: toResolution(readTerritory(services.rewriter().tree, body)) };
  },
});

const compare = defineRoute({
  method: 'post',
  path: '/compare',
  summary: 'How two territories lie towards each other',
  body: schemas.comparison,
  answers: { 200: { description: 'Their relation, and what they share and do not.', schema: schemas.compared } },
  handle({ body, services }) {
    const { tree } = services.rewriter();
    const [a, b] = [readTerritory(tree, body.a), readTerritory(tree, body.b)];
    return {
      json: {
        relation: compareTerritories(a, b),
        intersection: toResolution(a.intersection(b)),
        union: toResolution(a.union(b)),
        onlyA: toResolution(a.difference(b)),
        onlyB: toResolution(b.difference(a)),
      },
    };
  },
});

export const territoryRoutes: readonly Route[] = [resolve, compare];
