/** The command was called in a wrong way: exit code 2, where other failures give 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
