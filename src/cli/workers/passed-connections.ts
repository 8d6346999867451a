import type { ChildProcess } from 'node:child_process';

/** A connection as `node:cluster` passes it on: the raw handle of Node. */
interface Handle {
  /** Below 0 once it is closed here. */
  readonly fd?: number;
  close(): void;
}

/** Which worker a connection was last passed to. */
const owners = new WeakMap<Handle, ChildProcess>();

/**
 * Closes the connection that a worker was being given when it died. The primary of `node:cluster` closes its own copy
 * of a connection when the worker says that it has it; of a worker that dies before, it forgets the copy without closing
 * it, and the client waits for ever. It passes one connection at a time to each worker.
 */
export function closePassedConnection(child: ChildProcess): void {
  const send = child.send.bind(child) as (...given: unknown[]) => boolean;
  let last: Handle | undefined;
  child.send = ((message: unknown, handle: unknown, ...rest: unknown[]) => {
    if (isConnection(handle)) {
      last = handle;
      owners.set(handle, child);
    }
    return send(message, handle, ...rest);
  }) as ChildProcess['send'];
  child.once('exit', () => {
    if (last !== undefined && owners.get(last) === child && (last.fd ?? -1) >= 0) last.close();
  });
}

function isConnection(handle: unknown): handle is Handle {
  return typeof handle === 'object' && handle !== null && 'fd' in handle && 'close' in handle;
}
