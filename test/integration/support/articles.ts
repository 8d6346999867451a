import type { estypes } from '@elastic/elasticsearch';
import type { TerritoryTree } from '../../../src/files/tree.js';

/** The mapping of an index with both fields, as the README has it. */
export const MAPPINGS: estypes.MappingTypeMapping = {
  properties: {
    text: { type: 'text' },
    territories: { type: 'keyword' },
    territory_path: { type: 'keyword' },
  },
};

/** What the configuration says of such an index. */
export const FIELDS = { units: 'territories', ancestors: 'territory_path' };

/** Documents of all kinds: of one unit at each level, of several, of former codes, of a code that is no unit, of none. */
const TAGS: Readonly<Record<string, readonly string[]>> = {
  lyon: ['COM:69123'],
  'lyon-3': ['ARM:69383'],
  villeurbanne: ['COM:69266'],
  bourg: ['COM:01053'],
  oyonnax: ['COM:01283'],
  grenoble: ['COM:38185'],
  annecy: ['COM:74010'],
  paris: ['COM:75056'],
  'paris-department': ['DEP:75'],
  'paris-arrondissement': ['ARR:751'],
  'paris-1': ['ARM:75101'],
  nantes: ['COM:44109'],
  ajaccio: ['COM:2A004'],
  rhone: ['DEP:69'],
  ain: ['DEP:01'],
  'auvergne-rhone-alpes': ['REG:84'],
  france: ['CNTRY:F'],
  'metropole-de-lyon': ['EPCI:200046977'],
  // Of communes in the departments Ain and Haute-Savoie.
  'usses-et-rhone': ['EPCI:200070852'],
  'arrondissement-of-lyon': ['ARR:691'],
  'ept-est-ensemble': ['EPT:200057875'],
  'lyon-and-nantes': ['COM:69123', 'COM:44109'],
  'rhone-and-ain': ['DEP:69', 'DEP:01'],
  guadeloupe: ['DEP:971'],
  'former-commune': ['COM:69232'],
  stranger: ['COM:99999'],
  untagged: [],
};

/**
 * The documents with both fields, `territory_path` as the rule has it: the tags and all units around each, by atoms. A
 * former code has the path of those that took over.
 */
export function articles(tree: TerritoryTree): [id: string, source: object][] {
  return Object.entries(TAGS).map(([id, territories]) => {
    const path = new Set<string>(territories);
    for (const code of territories) {
      if (tree.resolve(code) === undefined) continue;
      for (const unit of tree.territory(code).around()) path.add(unit.code);
    }
    const fields = territories.length > 0 ? { territories, territory_path: [...path].sort() } : {};
    return [id, { text: `salaire ${id.replaceAll('-', ' ')}`, ...fields }];
  });
}

/** The tags of each document by its id. */
export const articleTags: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(TAGS));
