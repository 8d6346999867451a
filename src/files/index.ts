export { cacheFolder } from './cache-folder.js';
export { type CogOptions, cogUnits } from './cog.js';
export { COG_NAMES } from './cog-names.js';
export { COG_YEARS, LATEST_COG_YEAR } from './cog-package.js';
export { FRANCE_PARTITIONS } from './partitions.js';
export { readUnits } from './read-units.js';
export { territorySchema, type WrittenTerritory } from './schema.js';
export { TerritoryTree } from './tree.js';
export { UnitFileError } from './unit-file-error.js';
