/** The library: `import { TerritoryTree } from 'territory-proxy'`. */
export { COG_YEARS, cogUnits, FRANCE_PARTITIONS, readUnits, TerritoryTree, UnitFileError } from './files/index.js';
export { Tagger, type TagOptions } from './query/tagger.js';
export type {
  BuildFault,
  BuildOptions,
  Expansion,
  Layout,
  LevelsOption,
  ParseOptions,
  Partition,
  Relation,
  SearchUnitsOptions,
  Succession,
  Territory,
  ToQueryOptions,
  TreeDiff,
  Unit,
  UnitInput,
} from './territory/index.js';
export {
  diffText,
  diffTrees,
  MixedTreesError,
  RELATIONS,
  TerritoryError,
  TerritorySyntaxError,
  TerritoryTooLargeError,
  TerritoryUnsupportedError,
  TerritoryVersionError,
  TreeBuildError,
  TreeCacheCorrupt,
  TreeCacheError,
  TreeCacheForeign,
  TreeCacheIncompatible,
  TreeCacheMissing,
  UnknownUnitError,
} from './territory/index.js';
