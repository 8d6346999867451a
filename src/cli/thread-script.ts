import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The compiled script of a thread in this folder. Run from the sources, as tests do, it is that of the last build: a
 * thread is outside of what compiles them.
 */
export function threadScript(name: string): string {
  const beside = fileURLToPath(new URL(`./${name}`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../dist/cli/${name}`, import.meta.url));
}
