// `npm run bench -- core proxy`: compiles src and test/benchmark, then runs the benchmarks named (all where none is),
// each in a process of its own. Further arguments after `--` go to the benchmark.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'node_modules', '.cache', 'bench');
const known = readdirSync(join(root, 'test', 'benchmark'))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));

const args = process.argv.slice(2);
const rest = args.includes('--') ? args.splice(args.indexOf('--')).slice(1) : [];
const unknown = args.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
run([join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', join(root, 'tsconfig.bench.json'), '--outDir', out]);
writeFileSync(join(out, 'package.json'), '{"type":"module"}\n');
// What is read beside the code.
for (const path of ['config', 'src/store/migrations']) {
  if (!existsSync(join(out, path))) symlinkSync(join(root, path), join(out, path), 'dir');
}
for (const name of args.length > 0 ? args : known) {
  run(['--expose-gc', '--max-old-space-size=8192', join(out, 'test', 'benchmark', `${name}.bench.js`), ...rest]);
}

function run(argv) {
  const { status, signal } = spawnSync(process.execPath, argv, { stdio: 'inherit', cwd: root });
  if (status !== 0) process.exit(status ?? (signal ? 1 : 0));
}
