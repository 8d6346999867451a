import { WorkerProcess } from './worker-process.js';

// The primary alone is told to end or to reload (a terminal signals all of a group), and tells its workers.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

new WorkerProcess(process);
