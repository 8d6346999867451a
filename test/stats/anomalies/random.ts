// In Jest's modules every look at a global is slow.
const { floor, imul, sqrt, cos, log, exp, max, min, round, PI } = Math;

/** Random numbers from a seed (mulberry32), and the distributions that traffic has. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 <= x < 1 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = imul(t ^ (t >>> 15), t | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  int(low: number, high: number): number {
    return floor(this.between(low, high + 1));
  }

  normal(): number {
    return sqrt(-2 * log(1 - this.next())) * cos(2 * PI * this.next());
  }

  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 40) return max(0, round(mean + sqrt(mean) * this.normal()));
    const limit = exp(-mean);
    let k = 0;
    for (let p = this.next(); p > limit; p *= this.next()) k++;
    return k;
  }

  binomial(n: number, p: number): number {
    if (n * p > 30 && n * (1 - p) > 30) {
      return min(n, max(0, round(n * p + sqrt(n * p * (1 - p)) * this.normal())));
    }
    if (n > 40) return p < 0.5 ? min(n, this.poisson(n * p)) : n - min(n, this.poisson(n * (1 - p)));
    let k = 0;
    for (let i = 0; i < n; i++) if (this.next() < p) k++;
    return k;
  }
}
