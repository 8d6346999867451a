// Load with disturbances (`npm run soak`): ten minutes, or `-- --minutes 0.5`; `--clients`, `--workers`, `--seed`;
// `--elasticsearch URL` for a real one in place of the stub, with indices of the run's own. Ends
// with a report, and with 1 where an answer was wrong, a request was lost without a word, or a process that is warm grew in
// memory, sockets or files.
import { parseArgs } from 'node:util';
import { buildWhenStale } from './lib/build.mjs';
import { report } from './lib/soak/report.mjs';
import { runSoak } from './lib/soak/run-soak.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    clients: { type: 'string', default: '24' },
    workers: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    elasticsearch: { type: 'string' },
  },
});
const [minutes, clients, workers, seed] = ['minutes', 'clients', 'workers', 'seed'].map((name) => Number(values[name]));
if (!(minutes > 0 && clients >= 1 && workers >= 2 && Number.isInteger(seed))) {
  console.error(
    'usage: npm run soak -- [--minutes 10] [--clients 24] [--workers 3 (2 or more)] [--seed 1] [--elasticsearch URL]',
  );
  process.exit(2);
}
await buildWhenStale();
const log = (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
const { lines, faults } = report(
  await runSoak({ seconds: 60 * minutes, clients, workers, seed, elasticsearch: values.elasticsearch, log }),
  seed,
);
console.log(lines.join('\n'));
for (const fault of faults) console.log(`  FAULT ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;
