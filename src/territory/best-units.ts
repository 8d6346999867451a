/** Keeps the `size` best of the units offered to it: a binary heap with the worst of them on top. */
export class BestUnits {
  private readonly heap: number[] = [];

  /** @param isBetter a strict order: whether `a` comes before `b` */
  constructor(
    private readonly size: number,
    private readonly isBetter: (a: number, b: number) => boolean,
  ) {}

  /** Whether `offer` would keep this unit; what is costly to find out about it can wait until then. */
  wants(unit: number): boolean {
    return this.heap.length < this.size || (this.size > 0 && this.isBetter(unit, this.heap[0]!));
  }

  offer(unit: number): void {
    if (!this.wants(unit)) return;
    if (this.heap.length < this.size) {
      this.heap.push(unit);
      this.rise(this.heap.length - 1);
    } else {
      this.heap[0] = unit;
      this.sink();
    }
  }

  /** The units kept, best first. */
  sorted(): number[] {
    return [...this.heap].sort((a, b) => (this.isBetter(a, b) ? -1 : 1));
  }

  private rise(from: number): void {
    const unit = this.heap[from]!;
    let i = from;
    while (i > 0) {
      const above = (i - 1) >> 1;
      if (!this.isBetter(this.heap[above]!, unit)) break;
      this.heap[i] = this.heap[above]!;
      i = above;
    }
    this.heap[i] = unit;
  }

  private sink(): void {
    const { heap } = this;
    const unit = heap[0]!;
    let i = 0;
    for (let below = 1; below < heap.length; below = 2 * i + 1) {
      if (below + 1 < heap.length && this.isBetter(heap[below]!, heap[below + 1]!)) below++;
      if (!this.isBetter(unit, heap[below]!)) break;
      heap[i] = heap[below]!;
      i = below;
    }
    heap[i] = unit;
  }
}
