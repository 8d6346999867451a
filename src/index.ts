/** The library: `import { TerritoryTree } from 'territory-proxy'`. */
export { TerritoryTree } from './files/tree.js';
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
  Unit,
  UnitInput,
} from './territory/index.js';
export {
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
