import { TerritorySyntaxError, TerritoryUnsupportedError } from '../territory/errors.js';
import type { TerritoryTree } from '../territory/tree.js';
import { CODE } from '../territory/unit.js';
import { BodyRewriter } from './body.js';
import { bodyType } from './body-type.js';
import type { ExpansionCache } from './cache.js';
import { rewriteDocuments } from './documents.js';
import { Draft } from './draft.js';
import { refuseEncoding, refuseForeign } from './encoding.js';
import type { Endpoint } from './endpoints.js';
import { Expander } from './expander.js';
import { QUERIES } from './grammar.js';
import { answerOfRefused, rewriteMsearch } from './msearch.js';
import { renderRankEval } from './rank-eval.js';
import { type Route, routeOf } from './routes.js';
import { cutsOf, type SearchLines } from './search-lines.js';
import { Targets } from './target.js';
import { searchTarget, type TemplateKind } from './template.js';
import { renderLines } from './template-lines.js';
import { renderSearch } from './template-search.js';
import type { Outcome, Plan, RequestHead, RewriterOptions } from './types.js';
import { lastParameter, readQueryString, type UrlQueryString } from './url.js';
import { UrlRewriter } from './url-rewriter.js';
import { type SourceBody, takeSource } from './url-search.js';

type Settled = Exclude<Outcome, { kind: 'render' }>;

/** A request, and what is read from it once for all. */
interface Asked {
  readonly head: RequestHead;
  readonly endpoint: Endpoint;
  readonly url: UrlQueryString;
  /** Never empty. */
  readonly body: Buffer | undefined;
  /** The index expression of the whole request; empty for all. */
  readonly indices: string;
}

const PASS: Settled = { kind: 'pass' };

const IN_HEADERS =
  'the body begins with a newline, which some versions of Elasticsearch skip and others take for an empty header, and ' +
  'whichever is meant, the shorthand stands in a header; leave the newline out';

/**
 * Turns requests with the shorthand into requests that Elasticsearch understands, with one tree. Bytes in, bytes out: no
 * I/O. A request without shorthand is passed as it came; one whose shorthand can't be expanded is an error.
 */
export class Rewriter {
  readonly #targets: Targets;
  readonly #expander: Expander;
  readonly #bodies: BodyRewriter;
  readonly #urls: UrlRewriter;

  constructor(
    readonly tree: TerritoryTree,
    readonly options: RewriterOptions,
    before?: ExpansionCache,
  ) {
    checkShorthand(options.shorthand);
    this.#targets = new Targets(options.indices, options.aliases);
    this.#expander = new Expander(tree, options, before);
    this.#bodies = new BodyRewriter(this.#expander, options);
    this.#urls = new UrlRewriter(this.#expander, options);
  }

  get cache(): ExpansionCache {
    return this.#expander.cache;
  }

  /** The same for another tree, with the hottest entries of the cache already made for it. */
  withTree(tree: TerritoryTree): Rewriter {
    return new Rewriter(tree, this.options, this.cache);
  }

  /**
   * What to do with a request, before its body is read.
   *
   * @throws TerritoryUnsupportedError where its body would have to be read, and is compressed in a way that can't be undone
   */
  plan(head: RequestHead): Plan {
    const route = routeOf(head.method, head.target);
    if (route === undefined) return { kind: 'stream', endpoint: 'other' };
    const { endpoint } = route;
    if (!this.#mayMean(route)) return { kind: 'stream', endpoint: endpoint.name };
    refuseEncoding(head.contentEncoding);
    return { kind: 'read', endpoint: endpoint.name };
  }

  /**
   * @param body inflated; `undefined` or empty where there is none
   * @throws TerritoryError: what the client is to be told
   */
  rewrite(head: RequestHead, body: Buffer | undefined): Outcome {
    const route = routeOf(head.method, head.target);
    if (route === undefined || !this.#mayMean(route)) return PASS;
    const url = readQueryString(head.target);
    if (url === undefined) return PASS;
    const { endpoint } = route;
    const asked: Asked = {
      head,
      endpoint,
      url,
      body: body !== undefined && body.length > 0 ? body : undefined,
      indices: route.index ?? lastParameter(url, 'index')?.value ?? '',
    };
    if (asked.body !== undefined) refuseForeign(asked.body, head.contentType);
    if (endpoint.documents !== undefined) return this.#documents(asked, endpoint.documents);
    if (endpoint.template !== undefined) return this.#template(asked, endpoint.template);
    if (endpoint.body === 'rankEval') return this.#rankEval(asked);
    return endpoint.lines ? this.#lines(asked) : this.#single(asked);
  }

  /** Whether a request can mean a configured index at all. */
  #mayMean({ endpoint, index }: Route): boolean {
    if (this.options.indices.length === 0) return false;
    if (endpoint.documents !== undefined) {
      const named = endpoint.documents === 'bulk' ? '' : (index ?? '');
      return this.#targets.percolators(named).length > 0;
    }
    if (endpoint.lines || index === undefined) return true;
    return this.#targets.of(index).clauses.length > 0;
  }

  #single(asked: Asked): Settled {
    const { head, endpoint, indices } = asked;
    const source = sourceOf(asked);
    const body = asked.body ?? source?.body;
    const draft = new Draft(head.target, undefined);
    const targetOf = (named: readonly string[]) => this.#targets.of(named.length > 0 ? named.join(',') : indices);
    const rewrite = body && this.#bodies.rewrite(body, endpoint.body, targetOf, endpoint.definition);
    if (rewrite !== undefined) {
      draft.note(rewrite);
      draft.body = rewrite.body;
      if (source !== undefined) {
        draft.target = source.target;
        draft.contentType = bodyType(head.accept, source.contentType);
      }
    }
    if (endpoint.q !== undefined && (body === undefined || endpoint.q === 'over-body')) {
      this.#urls.rewrite(head, draft, body, this.#targets.of(indices));
    }
    if (draft.places === 0) return PASS;
    if (endpoint.system !== undefined) {
      throw new TerritoryUnsupportedError(
        `${endpoint.system} have no territory: this searches Elasticsearch's own data, not an index of documents`,
      );
    }
    const named = rewrite?.indices?.join(',');
    return draft.outcome(head.method, draft.body ?? asked.body, named || indices);
  }

  #lines(asked: Asked): Outcome {
    const { head, indices } = asked;
    const source = sourceOf(asked);
    const body = asked.body ?? source?.body;
    if (body === undefined) return PASS;
    const outcomes = cutsOf(body).map((lines) => {
      const draft = new Draft(source?.target ?? head.target, undefined);
      draft.contentType = source && bodyType(head.accept, source.contentType);
      return this.#searches(head.method, draft, lines, indices);
    });
    const [outcome = PASS, another] = outcomes.filter(({ kind }) => kind !== 'pass');
    if (another !== undefined) throw new TerritoryUnsupportedError(IN_HEADERS);
    return outcome;
  }

  #searches(method: string, draft: Draft, lines: SearchLines, indices: string): Settled {
    const targetOf = (named: string | undefined) => this.#targets.of(named ?? indices);
    const rewrite = rewriteMsearch(this.#bodies, lines, 'searchBody', targetOf);
    if (rewrite === undefined) return PASS;
    const { refused, total, replaced, body } = rewrite;
    if (refused.length === total) {
      return { kind: 'answer', status: 200, body: answerOfRefused(refused), replaced, indices, refused };
    }
    draft.note(rewrite);
    if (refused.length === 0) return { ...draft.outcome(method, body, indices), total };
    draft.target = keepPlaces(draft.target);
    return { ...draft.outcome(method, body, indices), refused, total };
  }

  #rankEval(asked: Asked): Outcome {
    const outcome = this.#single(asked);
    const { shorthand, limits } = this.options;
    const holds = (search: Buffer) =>
      this.#bodies.rewrite(search, 'searchBody', () => this.#targets.of(asked.indices)) !== undefined;
    const body = asked.body ?? takeSource(asked.url)?.body;
    return renderRankEval({ body, shorthand, levels: limits.depth, holds }, outcome);
  }

  /** What is searched is known only when Elasticsearch has rendered it. */
  #template(asked: Asked, kind: TemplateKind): Outcome {
    const { head, indices } = asked;
    const { shorthand, limits } = this.options;
    const source = sourceOf(asked);
    const body = asked.body ?? source?.body;
    const common = { shorthand, levels: limits.depth };
    const target = source?.target ?? head.target;
    if (kind !== 'lines') {
      return renderSearch({ kind, target, body, ...common }, (searched, rendered) => {
        const outcome = this.rewrite({ method: head.method, target: searched }, rendered) as Settled;
        return outcome.kind === 'rewritten'
          ? { ...outcome, contentType: source && bodyType(head.accept, source.contentType) }
          : outcome;
      });
    }
    if (body === undefined) return PASS;
    const means = (named: string | undefined) => this.#targets.of(named ?? indices).clauses.length > 0;
    return renderLines({ body, means, ...common }, (lines) => {
      const draft = new Draft(searchTarget(kind, target, undefined, limits.depth), undefined);
      draft.contentType = source && bodyType(head.accept, source.contentType);
      return this.#searches(head.method, draft, lines, indices);
    });
  }

  #documents({ head, body, indices }: Asked, kind: NonNullable<Endpoint['documents']>): Outcome {
    if (body === undefined) return PASS;
    const rewrite = rewriteDocuments(this.#bodies, this.#targets, kind, body, indices);
    if (rewrite === undefined) return PASS;
    const draft = new Draft(head.target, rewrite.body);
    draft.note(rewrite);
    return draft.outcome(head.method, rewrite.body, indices);
  }
}

/**
 * The body that a request without one carries in `?source=`. Which endpoints read it differs by version; where one does not,
 * Elasticsearch says so of any body. Of definitions the previews do, which can be asked for with GET.
 */
function sourceOf({ body, url, endpoint }: Asked): SourceBody | undefined {
  const { definition, documents, methods } = endpoint;
  const read = documents === undefined && (definition === undefined || methods.includes('GET'));
  const source = body === undefined && read ? takeSource(url) : undefined;
  if (source !== undefined) refuseForeign(source.body, source.contentType);
  return source;
}

/** The name must be a plain one, and no name that Elasticsearch gives a query. */
function checkShorthand(shorthand: string): void {
  if (!/^[A-Za-z_][\w-]*$/.test(shorthand) || shorthand in QUERIES || CODE.test(shorthand)) {
    throw new TerritorySyntaxError(
      `[${shorthand}] can't be the shorthand: take a word of letters, digits, "_" and "-" that is the name of no query`,
    );
  }
}

/** With `filter_path`, searches of which nothing is left would lose their places in the answer: each keeps its status. */
function keepPlaces(target: string): string {
  const url = readQueryString(target);
  const filter = url && lastParameter(url, 'filter_path');
  if (filter === undefined || filter.value === '') return target;
  if (filter.value.split(',').every((path) => path.startsWith('-'))) return target;
  return `${target.slice(0, filter.end)},responses.status${target.slice(filter.end)}`;
}
