import type { Writable } from 'node:stream';
import cliProgress from 'cli-progress';

/** Builds that are done sooner show no bar. */
const SHOW_AFTER_MS = 500;

/** What a build does, on a terminal as a bar, elsewhere only steps that take long. */
export class BuildProgress {
  private bar: cliProgress.SingleBar | undefined;
  private total: number | undefined;
  private begun = 0;

  constructor(private readonly stream: Writable & { readonly isTTY?: boolean }) {}

  /** Something that takes a while begins. */
  step(text: string): void {
    this.stop();
    this.stream.write(`${text}\n`);
  }

  /** Units are going to be read; how many is not always known. */
  begin(total: number | undefined): void {
    this.total = total;
    this.begun = performance.now();
  }

  /** So many units have been read. */
  read(units: number): void {
    if (!this.stream.isTTY) return;
    if (!this.bar) {
      if (performance.now() - this.begun < SHOW_AFTER_MS) return;
      this.bar = new cliProgress.SingleBar({
        stream: this.stream as NodeJS.WritableStream,
        format:
          this.total === undefined
            ? 'reading  {value} units  {duration_formatted}'
            : 'reading  {bar} {value} of {total} units',
        clearOnComplete: true,
        hideCursor: true,
      });
      this.bar.start(this.total ?? 0, units);
    }
    this.bar.update(units);
  }

  /** Takes the bar off the terminal; may be called again. */
  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}
