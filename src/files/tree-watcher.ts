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

  /** Remembers the file as it is now and looks again at every interval. Call it before the first tree is loaded. */
  async start(): Promise<void> {
    this.#seen = await this.#fingerprint();
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
      const fingerprint = await this.#fingerprint();
      if (fingerprint === this.#seen && !force) return;
      this.#seen = fingerprint;
      await this.#options.take(await this.#options.load(this.#options.file));
    } catch (error) {
      this.#options.refused(error);
    }
  }

  async #fingerprint(): Promise<string> {
    try {
      const { ino, size, mtimeNs } = await stat(this.#options.file, { bigint: true });
      return `${ino} ${size} ${mtimeNs}`;
    } catch (error) {
      return `no file: ${(error as NodeJS.ErrnoException).code}`;
    }
  }
}
