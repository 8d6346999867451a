import type { BodyRewrite } from './body.js';
import type { Outcome, Replacement } from './types.js';

/** What a request has become so far. */
export class Draft {
  contentType: string | undefined = undefined;
  places = 0;
  replaced: readonly Replacement[] = [];
  dropped: readonly string[] = [];

  constructor(
    public target: string,
    public body: Buffer | undefined,
  ) {}

  note({ replaced, places, dropped }: Pick<BodyRewrite, 'replaced' | 'places' | 'dropped'>): void {
    this.places += places;
    this.replaced = this.replaced.length === 0 ? replaced : [...this.replaced, ...replaced];
    this.dropped = this.dropped.length === 0 ? dropped : [...this.dropped, ...dropped];
  }

  outcome(method: string, body: Buffer | undefined, indices: string): Extract<Outcome, { kind: 'rewritten' }> {
    const { target, contentType, replaced, places } = this;
    const dropped = this.dropped.length === 0 ? this.dropped : [...new Set(this.dropped)];
    let hits = 0;
    for (const { cache } of replaced) if (cache === 'hit') hits++;
    const cache = hits === replaced.length ? 'hit' : hits === 0 ? 'miss' : 'partial';
    const warnings = dropped.map((code) => `the unit [${code}] is unknown and was left out`);
    return {
      kind: 'rewritten',
      method,
      target,
      body,
      contentType,
      replaced,
      places,
      cache,
      dropped,
      warnings,
      indices,
    };
  }
}
