// Runs Jest on one project (`unit`, `integration`) with the flag that ES modules need; further arguments go to Jest.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [project, ...rest] = process.argv.slice(2);
const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
// Last, for it takes every word after it as the name of a project.
const args = [jest, ...rest, ...(project ? ['--selectProjects', ...projects(project)] : [])];
const child = spawn(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', ...args], {
  stdio: 'inherit',
});
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

/** The unit tests of the data path run twice. */
function projects(name) {
  return name === 'unit' ? ['unit', 'unit without fast path'] : [name];
}
