import type { HistoryReader } from './types.js';

/** What is read where no history is kept. */
export const NO_HISTORY: HistoryReader = {
  read: async () => [],
  marks: async () => [],
  state: () => ({ store: 'off', ok: true, waiting: 0 }),
};
