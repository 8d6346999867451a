import { TerritoryBusyError } from '../proxy/errors.js';

/** One who listens: how text reaches it, how many bytes still wait on its way, and how it is told to go. */
export interface Listener {
  write(text: string): void;
  /** Bytes that it has not taken yet. */
  waiting(): number;
  end(): void;
}

/** What a feed tells: each is asked for at every beat, while someone listens. */
export type FeedSources = Readonly<Record<string, () => unknown>>;

export interface FeedOptions {
  /** Told at once to each new listener under the name `hello`. */
  readonly hello: () => unknown;
  /** Between two beats, in milliseconds. */
  readonly beatMs?: number;
  /** At most how many listen at once. */
  readonly listeners?: number;
  /** Told of a source that fails; the others go on. */
  readonly failed: (error: unknown) => void;
}

const BEAT_MS = 5_000;
/** Bytes that may wait for a listener; who takes no more is sent away and comes again. */
const WAITING_BYTES = 1024 * 1024;

/**
 * Server-sent events for the pages. At every beat each source is asked once for all listeners; what is the same as before
 * is not sent again. A comment at every beat tells a listener that the connection lives. Nothing runs while nobody
 * listens.
 */
export class EventFeed {
  readonly #sources: FeedSources;
  readonly #options: Required<FeedOptions>;
  readonly #listeners = new Set<Listener>();
  /** The text that was sent last of each source. */
  readonly #last = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #beating = false;
  #closed = false;

  constructor(sources: FeedSources, options: FeedOptions) {
    this.#sources = sources;
    this.#options = { beatMs: BEAT_MS, listeners: 100, ...options };
  }

  get size(): number {
    return this.#listeners.size;
  }

  /**
   * Sends events to a listener from now on.
   * @returns how to stop
   * @throws {TerritoryBusyError} where too many listen, or the proxy is ending
   */
  add(listener: Listener): () => void {
    const { listeners, hello, beatMs } = this.#options;
    if (this.#closed) throw new TerritoryBusyError('the proxy is ending');
    if (this.#listeners.size >= listeners)
      throw new TerritoryBusyError(`${listeners} clients listen to events already`);
    this.#listeners.add(listener);
    listener.write(event('hello', JSON.stringify(hello())));
    for (const text of this.#last.values()) listener.write(text);
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => void this.beat(), beatMs);
      this.#timer.unref();
      void this.beat();
    }
    return () => this.#remove(listener);
  }

  /** Asks every source and sends what is new. */
  async beat(): Promise<void> {
    // A source that takes longer than a beat is not asked twice at once.
    if (this.#beating) return;
    this.#beating = true;
    try {
      this.#send(event('beat', '{}'));
      await Promise.all(Object.keys(this.#sources).map((name) => this.#ask(name)));
    } finally {
      this.#beating = false;
    }
  }

  /** Ends every connection, so that none holds the proxy up when it ends. */
  close(): void {
    this.#closed = true;
    for (const listener of [...this.#listeners]) {
      listener.end();
      this.#remove(listener);
    }
  }

  async #ask(name: string): Promise<void> {
    try {
      const text = event(name, JSON.stringify(await this.#sources[name]?.()));
      if (this.#last.get(name) === text || this.#listeners.size === 0) return;
      this.#last.set(name, text);
      this.#send(text);
    } catch (error) {
      this.#options.failed(error);
    }
  }

  #send(text: string): void {
    for (const listener of [...this.#listeners]) {
      if (listener.waiting() > WAITING_BYTES) {
        listener.end();
        this.#remove(listener);
      } else listener.write(text);
    }
  }

  #remove(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#last.clear();
  }
}

function event(name: string, data: string): string {
  return `event: ${name}\ndata: ${data}\n\n`;
}
