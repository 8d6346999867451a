import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { TreeDiff } from '../territory/diff.js';
import type { TerritoryTree } from '../territory/tree.js';
import { threadScript } from './thread-script.js';

/** What changed between two trees, found in a thread of its own. */
export async function diffInThread(before: TerritoryTree, after: TerritoryTree): Promise<TreeDiff> {
  const workerData = { before: before.toBuffer(), after: after.toBuffer() };
  const worker = new Worker(threadScript('diff-thread.js'), { workerData, name: 'tree diff' });
  try {
    const [diff] = await once(worker, 'message');
    return diff as TreeDiff;
  } finally {
    await worker.terminate();
  }
}
