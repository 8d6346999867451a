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
import { placeOfMember } from './json/place-of-member.js';
import { InvalidJson } from './json/scanner.js';
import { rewriteLucene } from './lucene-place.js';
import { answerOfRefused, rewriteMsearch } from './msearch.js';
import { renderRankEval } from './rank-eval.js';
import { type Route, routeOf } from './routes.js';
import { cutsOf, type SearchLines } from './search-lines.js';
import { checkLength } from './splice.js';
import { type Target, Targets } from './target.js';
import { searchTarget, type TemplateKind } from './template.js';
import { renderLines } from './template-lines.js';
import { renderSearch } from './template-search.js';
import type { Outcome, Plan, RequestHead, RewriterOptions } from './types.js';
import { lastParameter, readQueryString, type UrlQueryString } from './url.js';
import {
  bodyWithQuery,
  editUrlSearch,
  moveUrlSearch,
  type QueryPlace,
  readUrlSearch,
  takeSource,
  type UrlSearch,
} from './url-search.js';

type Settled = Exclude<Outcome, { kind: 'render' }>;

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

  constructor(
    readonly tree: TerritoryTree,
    readonly options: RewriterOptions,
    before?: ExpansionCache,
  ) {
    checkShorthand(options.shorthand);
    this.#targets = new Targets(options.indices, options.aliases);
    this.#expander = new Expander(tree, options, before);
    this.#bodies = new BodyRewriter(this.#expander, options);
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
    const own = body !== undefined && body.length > 0 ? body : undefined;
    const indices = route.index ?? lastParameter(url, 'index')?.value ?? '';
    if (own !== undefined) refuseForeign(own, head.contentType);
    const { endpoint } = route;
    if (endpoint.documents !== undefined) return this.#documents(head, endpoint, own, indices);
    if (endpoint.template !== undefined) return this.#template(head, endpoint.template, url, own, indices);
    if (endpoint.body === 'rankEval') return this.#rankEval(head, endpoint, url, own, indices);
    return endpoint.lines
      ? this.#lines(head, endpoint, url, own, indices)
      : this.#single(head, endpoint, url, own, indices);
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

  #single(
    head: RequestHead,
    endpoint: Endpoint,
    url: UrlQueryString,
    own: Buffer | undefined,
    indices: string,
  ): Settled {
    const source = own === undefined && maySource(endpoint) ? takeSource(url) : undefined;
    if (source !== undefined) refuseForeign(source.body, source.contentType);
    const body = own ?? source?.body;
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
      this.#urlSearch(head, draft, body, this.#targets.of(indices));
    }
    if (draft.places === 0) return PASS;
    if (endpoint.system !== undefined) {
      throw new TerritoryUnsupportedError(
        `${endpoint.system} have no territory: this searches Elasticsearch's own data, not an index of documents`,
      );
    }
    const named = rewrite?.indices?.join(',');
    return draft.outcome(head.method, draft.body ?? own, named || indices);
  }

  /** The query string of the URL: edited where it stands, or moved into the body where it would grow too long. */
  #urlSearch(head: RequestHead, draft: Draft, body: Buffer | undefined, target: Target): void {
    if (target.clauses.length === 0 || !draft.target.includes('?')) return;
    const url = draft.target === head.target ? undefined : readQueryString(draft.target);
    const search = readUrlSearch(url ?? readQueryString(head.target)!, this.options.shorthand);
    if (search === undefined) return;
    const rewrite = rewriteLucene(this.#expander, this.options.shorthand, search.q, {
      place: 'q',
      target,
      defaultOperator: search.defaultOperator,
      settings: search.settings,
    });
    if (rewrite === undefined) return;
    const edited = rewrite.edits && editUrlSearch(search, rewrite.edits, head.method);
    const { replaced, dropped } = rewrite;
    if (edited !== undefined) {
      draft.target = edited;
      draft.note({ replaced, dropped, places: 1 });
      return;
    }
    const queryString = (text: string) => moveUrlSearch(search, text).query;
    const query = rewrite.edits
      ? queryString(applyEdits(search.q, rewrite.edits))
      : rewrite.split({ queryString, outer: '' });
    if (this.#moveIntoBody(head, draft, search, query, draft.body ?? body))
      draft.note({ replaced, dropped, places: 1 });
  }

  /** False where the body is no JSON object: Elasticsearch reads it before the URL, and will say so. */
  #moveIntoBody(head: RequestHead, draft: Draft, search: UrlSearch, query: string, body: Buffer | undefined): boolean {
    const { limits } = this.options;
    checkLength(query.length + (body?.length ?? 0), limits.expandedBytes);
    const moved = moveUrlSearch(search, '');
    if (body === undefined) {
      draft.body = bodyWithQuery(query);
      draft.target = moved.target;
      draft.contentType = bodyType(head.accept);
      return true;
    }
    const place = queryPlaceIn(body, limits.depth);
    if (place === undefined) return false;
    const url = readQueryString(moved.target);
    const source = draft.body === undefined && url !== undefined ? takeSource(url) : undefined;
    draft.body = bodyWithQuery(query, body, place);
    draft.target = source?.target ?? moved.target;
    if (source !== undefined) draft.contentType = bodyType(head.accept, source.contentType);
    return true;
  }

  #lines(
    head: RequestHead,
    endpoint: Endpoint,
    url: UrlQueryString,
    own: Buffer | undefined,
    indices: string,
  ): Outcome {
    const source = own === undefined && maySource(endpoint) ? takeSource(url) : undefined;
    if (source !== undefined) refuseForeign(source.body, source.contentType);
    const body = own ?? source?.body;
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

  #rankEval(
    head: RequestHead,
    endpoint: Endpoint,
    url: UrlQueryString,
    own: Buffer | undefined,
    indices: string,
  ): Outcome {
    const outcome = this.#single(head, endpoint, url, own, indices);
    const { shorthand, limits } = this.options;
    const holds = (search: Buffer) =>
      this.#bodies.rewrite(search, 'searchBody', () => this.#targets.of(indices)) !== undefined;
    const body = own ?? takeSource(url)?.body;
    return renderRankEval({ body, shorthand, levels: limits.depth, holds }, outcome);
  }

  /** What is searched is known only when Elasticsearch has rendered it. */
  #template(
    head: RequestHead,
    kind: TemplateKind,
    url: UrlQueryString,
    own: Buffer | undefined,
    indices: string,
  ): Outcome {
    const { shorthand, limits } = this.options;
    const source = own === undefined ? takeSource(url) : undefined;
    if (source !== undefined) refuseForeign(source.body, source.contentType);
    const body = own ?? source?.body;
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

  #documents(head: RequestHead, endpoint: Endpoint, own: Buffer | undefined, indices: string): Outcome {
    if (own === undefined) return PASS;
    const rewrite = rewriteDocuments(this.#bodies, this.#targets, endpoint.documents!, own, indices);
    if (rewrite === undefined) return PASS;
    const draft = new Draft(head.target, rewrite.body);
    draft.note(rewrite);
    return draft.outcome(head.method, rewrite.body, indices);
  }
}

/**
 * Which endpoints read a body in `?source=` differs by version; where one does not, Elasticsearch says so of any body. Of
 * definitions the previews do, which can be asked for with GET.
 */
function maySource({ definition, documents, methods }: Endpoint): boolean {
  return documents === undefined && (definition === undefined || methods.includes('GET'));
}

/** The name must be a plain one, and no name that Elasticsearch gives a query. */
function checkShorthand(shorthand: string): void {
  if (!/^[A-Za-z_][\w-]*$/.test(shorthand) || shorthand in QUERIES || CODE.test(shorthand)) {
    throw new TerritorySyntaxError(
      `[${shorthand}] can't be the shorthand: take a word of letters, digits, "_" and "-" that is the name of no query`,
    );
  }
}

function applyEdits(
  text: string,
  edits: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): string {
  let edited = '';
  let from = 0;
  for (const { start, end, text: replacement } of edits) {
    edited += text.slice(from, start) + replacement;
    from = end;
  }
  return edited + text.slice(from);
}

/** Where `query` stands in a body, or where it can be put; `undefined` where the body is none that can be searched with. */
function queryPlaceIn(body: Buffer, levels: number): QueryPlace | undefined {
  try {
    return placeOfMember(body, 'query', levels);
  } catch (error) {
    if (error instanceof InvalidJson) return undefined;
    throw error;
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
