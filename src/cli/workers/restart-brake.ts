/** A worker that lived this long died of something else than its start, in ms. */
const SETTLED_MS = 10_000;

/** First wait and longest wait before another start, in ms. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * How long to wait before a dead worker is replaced: not at all, but for workers that die young one after the other,
 * whose cause is likely to strike the next one too. As many as there are workers may die young at once (a power cut, an
 * operator, the kernel short of memory) before there is a wait, which then doubles from half a second to half a minute.
 */
export class RestartBrake {
  readonly #free: number;
  #young = 0;

  /** @param workers how many there are */
  constructor(workers: number) {
    this.#free = 2 * workers;
  }

  /**
   * @param livedMs how long the worker lived after it was up; 0 for one that never was
   * @returns ms to wait
   */
  died(livedMs: number): number {
    this.#young = livedMs >= SETTLED_MS ? 0 : this.#young + 1;
    if (this.#young <= this.#free) return 0;
    return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.#young - this.#free - 1, 16));
  }
}
