import type { RequestRewriter } from '../../../src/proxy/rewriters.js';
import type { Outcome, Plan, RequestHead } from '../../../src/query/types.js';
import { UnknownUnitError } from '../../../src/territory/errors.js';

/**
 * A rewriter simple enough to see through: it reads the bodies and targets of `_search`, `_count` and `_msearch`, puts
 * `[version]` where `TERRITORY` stands, and knows no unit called `NOWHERE`.
 */
export class FakeRewriter implements RequestRewriter {
  readonly tree: { version: string };

  constructor(version = '0123456789abcdef') {
    this.tree = { version };
  }

  plan(head: RequestHead): Plan {
    const endpoint = /\/_(search|count|msearch)(?:[?]|$)/.exec(head.target)?.[1];
    return endpoint === undefined ? { kind: 'stream', endpoint: 'other' } : { kind: 'read', endpoint };
  }

  rewrite(head: RequestHead, body: Buffer | undefined): Outcome {
    const text = body?.toString('latin1') ?? '';
    if (text.includes('NOWHERE')) throw new UnknownUnitError(['COM:234'], { 'COM:234': ['COM:01234'] });
    if (text.includes('BUG')) throw new Error('a bug');
    if (text.includes('TEMPLATE')) {
      const asks = [{ method: 'POST' as const, target: '/_render/template', body: Buffer.from('{}') }];
      return { kind: 'render', asks, rendered: () => ({ kind: 'pass' }) };
    }
    if (text.includes('NOTHING LEFT')) {
      const refused = [{ position: 0, error: { type: 'x', reason: 'y', units: ['COM:1', 2] }, status: 400 }];
      return { kind: 'answer', status: 200, body: Buffer.from('{}'), replaced: [], indices: '', refused };
    }
    if (!text.includes('TERRITORY') && !head.target.includes('TERRITORY')) return { kind: 'pass' };
    const moved = head.target.includes('TERRITORY');
    return {
      kind: 'rewritten',
      method: head.method,
      target: head.target.replace(/[?&]q=TERRITORY/, ''),
      body: Buffer.from(
        moved ? `{"moved":"${this.tree.version}"}` : text.replaceAll('TERRITORY', `[${this.tree.version}]`),
        'latin1',
      ),
      ...(moved ? { contentType: 'application/json' } : {}),
      replaced: [
        { place: 'query', written: 'TERRITORY', codes: ['DEP:69'], relation: 'within', terms: 1, cache: 'hit' },
      ],
      places: 1,
      cache: 'hit',
      dropped: text.includes('WARN') ? ['COM:9'] : [],
      warnings: text.includes('WARN') ? ['unknown "unit" é'] : [],
      indices: 'articles',
      ...(text.includes('SECOND') ? { total: 2 } : {}),
      ...(text.includes('REFUSED')
        ? {
            refused: [{ position: text.includes('REFUSED FIRST') ? 0 : 1, error: { type: 'x' }, status: 400 }],
            total: 2,
          }
        : {}),
      ...(text.includes('ODD') ? { refused: [{ position: 1, error: { units: 'x' }, status: 400 }], total: 2 } : {}),
    };
  }

  withTree(tree: { version: string }): this {
    return new FakeRewriter(tree.version) as this;
  }
}
