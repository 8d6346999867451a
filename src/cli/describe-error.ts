import { TerritoryError } from '../territory/errors.js';
import { UsageError } from './usage-error.js';

/** An error in one readable block. Those that nobody foresaw, which are bugs, come with their stack. */
export function describeError(error: unknown): string {
  if (error instanceof TerritoryError || error instanceof UsageError) return error.message;
  const { code, path, message, stack } = error as NodeJS.ErrnoException;
  if (code === undefined) return stack ?? String(error);
  if (code === 'EACCES' || code === 'EPERM') return `permission denied: ${path ?? message}`;
  if (code === 'ENOENT' && path !== undefined) return `there is no such file or folder: ${path}`;
  return message;
}
