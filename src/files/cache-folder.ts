import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where downloads are kept: `territory-proxy` in `XDG_CACHE_HOME` (which must be an absolute path) or `~/.cache`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(homedir(), '.cache'), 'territory-proxy');
}
