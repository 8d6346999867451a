import { stat } from 'node:fs/promises';

export interface TreeWatcherOptions<T> {
  /** The snapshot to watch. */
  readonly file: string;
  /** Reads the snapshot; what it throws is passed to `refused`. */
  readonly load: (file: string) => Promise<T>;
  /** Takes a tree that was read. The next change is looked at only when it is done. */
  readonly take: (tree: T) => void | Promise<void>;
  /** Told why a change was not taken. The old tree stays in use. */
  readonly refused: (error: unknown) => void;
  /** Milliseconds between two looks at the file. */
  readonly intervalMs?: number;
}

/**
 * Watches a snapshot by looking at its inode, size and time of change: unlike the events of the operating system this
 * sees a renamed file, a network share and a mounted volume alike. A change is looked at once: a file that can't be
 * read is not tried again before it changes once more.
 */
export class TreeWatcher<T> {
  readonly #options: TreeWatcherOptions<T>;
  #seen: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: TreeWatcherOptions<T>) {
    this.#options = options;
  }

  /**
   * Looks again at every interval.
   * @param seen fingerprint of the file, taken before the tree in use was read from it; as it is now where absent
   */
  async start(seen?: string): Promise<void> {
    this.#seen = seen ?? (await fingerprint(this.#options.file));
    this.#timer = setInterval(() => void this.check(), this.#options.intervalMs ?? 1000);
    this.#timer.unref();
  }

  /** Looks at the file now. `force`: reads it even where nothing about it changed, as SIGHUP asks. */
  check({ force = false } = {}): Promise<void> {
    this.#running = this.#running.then(() => this.#check(force));
    return this.#running;
  }

  /** Stops looking; a reading that has begun is waited for. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #check(force: boolean): Promise<void> {
    try {
      // The fingerprint is taken first: a change while the file is being read is seen at the next look.
      const now = await fingerprint(this.#options.file);
      if (now === this.#seen && !force) return;
      this.#seen = now;
      await this.#options.take(await this.#options.load(this.#options.file));
    } catch (error) {
      this.#options.refused(error);
    }
  }
}

/** What changes when a file does: another text after every change, and one of its own where there is no file. */
export async function fingerprint(file: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(file, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    return `no file: ${(error as NodeJS.ErrnoException).code}`;
  }
}
