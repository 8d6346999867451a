import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The one folder outside the clone that holds what is downloaded: `territory-proxy` under `XDG_CACHE_HOME`, or under
 * `~/.cache` where that is not set. It is made when it is missing.
 * @returns {string} its absolute path
 */
export function cacheFolder() {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'territory-proxy');
  mkdirSync(folder, { recursive: true });
  return folder;
}
