import type { Outcome, Plan, RenderAnswer, RequestHead } from '../query/types.js';
import { TerritoryUpstreamError } from './errors.js';
import type { RequestRewriter, RewriterSource } from './rewriters.js';

/** What clients ask to learn the nodes: JavaScript, Python, Ruby and PHP with `_all`, Java and Go without, .NET with settings. */
const SNIFFED = /^\/_nodes(?:\/_all)?\/(?:http|http,settings|settings,http)\/?(?:\?|$)/;

const NODES = [{ method: 'GET', target: '/_nodes/http', body: undefined }] as const;

/** The name and the id of the one node that sniffing clients see. */
const NODE = 'territory-proxy';

interface NodesInfo {
  readonly nodes?: Readonly<Record<string, { readonly roles?: readonly string[] }>>;
}

/**
 * A source of rewriters that answers sniffing clients with the proxy's own address, so that they don't go past it.
 * Elasticsearch is asked first, with the client's own headers: who may not ask is refused by it, and the version and the
 * roles are its own. All nodes together are one.
 */
export class SniffedRewriters implements RewriterSource {
  readonly #source: RewriterSource;
  readonly #address: string;
  readonly #known = new WeakMap<RequestRewriter, RequestRewriter>();

  /** @param address under which clients reach the proxy: `host:port` */
  constructor(source: RewriterSource, address: string) {
    this.#source = source;
    this.#address = address;
  }

  get current(): RequestRewriter {
    return this.#sniffed(this.#source.current);
  }

  kept(version: string): RequestRewriter | undefined {
    const rewriter = this.#source.kept(version);
    return rewriter === undefined ? undefined : this.#sniffed(rewriter);
  }

  #sniffed(rewriter: RequestRewriter): RequestRewriter {
    let sniffed = this.#known.get(rewriter);
    if (sniffed === undefined) {
      const rendered = (answers: readonly RenderAnswer[]) => ownNode(answers[0]!, this.#address);
      sniffed = {
        tree: rewriter.tree,
        plan: (head: RequestHead): Plan =>
          isSniffing(head) ? { kind: 'read', endpoint: 'sniffing' } : rewriter.plan(head),
        rewrite: (head: RequestHead, body: Buffer | undefined): Outcome =>
          isSniffing(head) ? { kind: 'render', asks: NODES, rendered } : rewriter.rewrite(head, body),
      };
      this.#known.set(rewriter, sniffed);
    }
    return sniffed;
  }
}

function isSniffing({ method, target }: RequestHead): boolean {
  return target.startsWith('/_nodes') && method === 'GET' && SNIFFED.test(target);
}

/** Elasticsearch's answer with one node in place of all, at the address given. */
function ownNode({ status, body }: RenderAnswer, address: string): Exclude<Outcome, { kind: 'render' }> {
  // Whom Elasticsearch refuses it refuses in its own words.
  if (status !== 200) return { kind: 'pass' };
  const info = parsed(body);
  const [first] = Object.values(info.nodes ?? {});
  if (first === undefined)
    throw new TerritoryUpstreamError('Elasticsearch tells of no node in the answer of _nodes/http');
  const roles = new Set(Object.values(info.nodes ?? {}).flatMap((node) => node.roles ?? []));
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  const node = {
    ...first,
    name: NODE,
    transport_address: address,
    host,
    ip: host,
    roles: [...roles].sort(),
    attributes: {},
    settings: {},
    http: { ...('http' in first ? (first.http as object) : {}), bound_address: [address], publish_address: address },
  };
  const own = { ...info, _nodes: { total: 1, successful: 1, failed: 0 }, nodes: { [NODE]: node } };
  return { kind: 'answer', own: true, status: 200, body: Buffer.from(JSON.stringify(own)), replaced: [], indices: '' };
}

function parsed(body: Buffer): NodesInfo {
  try {
    return JSON.parse(body.toString()) as NodesInfo;
  } catch (cause) {
    throw new TerritoryUpstreamError('the answer of _nodes/http is no JSON', { cause });
  }
}
