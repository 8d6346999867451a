import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { TreeDiff } from '../territory/diff.js';
import { threadScript } from './thread-script.js';

/** What changed between two trees, found in a thread of its own. @param before snapshots, as `toBuffer` gives them */
export async function diffInThread(before: Uint8Array, after: Uint8Array): Promise<TreeDiff> {
  const workerData = { before, after };
  const worker = new Worker(threadScript('diff-thread.js'), { workerData, name: 'tree diff' });
  try {
    const [diff] = await once(worker, 'message');
    return diff as TreeDiff;
  } finally {
    await worker.terminate();
  }
}
