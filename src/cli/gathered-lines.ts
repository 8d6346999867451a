const CHARACTERS = 16 * 1024;
const LONGEST_MS = 100;

/**
 * Holds lines until there are enough of them, or for a tenth of a second, and passes them on as one: under load each write
 * of its own costs a good part of a request's time. (The stream of pino gathers too, but measures all that it holds anew
 * with each line.)
 */
export class GatheredLines {
  readonly #pass: (lines: string) => void;
  #held = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(pass: (lines: string) => void) {
    this.#pass = pass;
  }

  /** @param lines whole ones */
  write(lines: string): void {
    this.#held += lines;
    if (this.#held.length >= CHARACTERS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), LONGEST_MS).unref();
  }

  /** Passes on what it holds. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = this.#held;
    this.#held = '';
    if (held !== '') this.#pass(held);
  }
}
