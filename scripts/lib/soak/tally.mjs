/** How long after a disturbance something may still fail because of it, in ms. */
const AFTERMATH_MS = 2_000;

/** What each disturbance may do to a request: a connection that breaks, or an answer that says whose fault it was. */
const EXPLAINS = {
  worker: ({ broken }) => broken !== undefined,
  upstream: ({ broken, status }) => broken !== undefined || status === 502,
};

/** What became of the requests, and which failures a disturbance explains. */
export class Tally {
  counts = {};
  reported = {};
  wrong = [];
  hung = [];
  unexplained = [];
  requests = 0;
  #disturbances = [];
  #failures = [];

  /** Begins a time in which requests may fail; the answer ends it. */
  disturb(name) {
    const disturbance = { name, from: Date.now(), to: Number.POSITIVE_INFINITY };
    this.#disturbances.push(disturbance);
    return () => {
      disturbance.to = Date.now() + AFTERMATH_MS;
    };
  }

  add(operation, began, outcome) {
    this.requests += 1;
    this.counts[operation] = (this.counts[operation] ?? 0) + 1;
    if (outcome.hung) this.hung.push(operation);
    else if (outcome.wrong !== undefined) this.wrong.push(`${operation}: ${outcome.wrong}`);
    else if (outcome.status !== 200 && !outcome.left) {
      const what = outcome.broken ?? `status ${outcome.status}`;
      this.reported[what] = (this.reported[what] ?? 0) + 1;
      this.#failures.push({
        operation,
        what,
        broken: outcome.broken,
        status: outcome.status,
        body: outcome.body?.toString().slice(0, 200),
        from: began,
        to: Date.now(),
      });
    }
  }

  /** Sorts out which failures nothing explains. */
  judge() {
    this.unexplained = this.#failures.filter(
      (failure) =>
        !this.#disturbances.some(
          ({ name, from, to }) => failure.to >= from && failure.from <= to && EXPLAINS[name](failure),
        ),
    );
  }
}
