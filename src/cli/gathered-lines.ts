const CHARACTERS = 64 * 1024;
const LONGEST_MS = 100;

/**
 * Passes lines on: at once, or, those of which there is one a request, when there are enough of them or a tenth of a
 * second is over. Under load each write of its own costs a good part of a request's time. (The stream of pino gathers
 * too, but measures all that it holds anew with each line.)
 */
export class GatheredLines {
  readonly #pass: (lines: string) => void;
  #held = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(pass: (lines: string) => void) {
    this.#pass = pass;
  }

  /** Passes on whole lines, after those that it holds. */
  write(lines: string): void {
    this.#held += lines;
    this.flush();
  }

  /** Takes a line that need not leave at once. */
  gather(line: string): void {
    this.#held += line;
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
