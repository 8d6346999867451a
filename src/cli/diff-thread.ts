import { parentPort, workerData } from 'node:worker_threads';
import { diffTrees } from '../territory/diff.js';
import { TerritoryTree } from '../territory/tree.js';

/** The thread of `diffInThread`: half a second of work on the map of France, which no request should wait for. */
const { before, after } = workerData as { before: Uint8Array; after: Uint8Array };
parentPort?.postMessage(diffTrees(TerritoryTree.fromBuffer(before), TerritoryTree.fromBuffer(after)));
