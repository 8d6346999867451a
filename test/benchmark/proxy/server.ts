/** One server of the proxy benchmark in a process of its own: `node server.js KIND [upstream folder]`. It tells its parent its port. */
import { startBareAgent, startBareUndici } from './bare.js';
import { startStub } from './stub.js';
import { startTerritory } from './territory.js';

const [kind = '', upstream = '', folder = ''] = process.argv.slice(2);
const listening = (...ports: number[]): void => void process.send!({ ports });

const KINDS: Readonly<Record<string, () => void>> = {
  stub: () => startStub(listening),
  agent: () => startBareAgent(upstream, listening),
  undici: () => startBareUndici(upstream, listening),
  territory: () => void startTerritory(upstream, ['counting'], folder, listening),
  'territory-counting': () =>
    void startTerritory(upstream, ['not counting', 'counting', 'counting and logging'], folder, listening),
};

process.on('disconnect', () => process.exit());
KINDS[kind]!();
