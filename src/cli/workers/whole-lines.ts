/**
 * Passes on what a process writes, whole lines at a time, so that the lines of several never run into one another. A
 * line without an end is passed on when the process has ended.
 */
export class WholeLines {
  readonly #write: (lines: string) => void;
  #rest = '';

  constructor(write: (lines: string) => void) {
    this.#write = write;
  }

  add(text: string): void {
    const end = text.lastIndexOf('\n');
    if (end < 0) {
      this.#rest += text;
      return;
    }
    this.#write(this.#rest + text.slice(0, end + 1));
    this.#rest = text.slice(end + 1);
  }

  end(): void {
    if (this.#rest !== '') this.#write(`${this.#rest}\n`);
    this.#rest = '';
  }
}
