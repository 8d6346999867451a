import { bodyType } from './body-type.js';
import type { Draft } from './draft.js';
import type { Expander } from './expander.js';
import { placeOfMember } from './json/place-of-member.js';
import { InvalidJson } from './json/scanner.js';
import { applyEdits } from './lucene/index.js';
import { rewriteLucene } from './lucene-place.js';
import { checkLength } from './splice.js';
import type { Target } from './target.js';
import type { RequestHead, RewriterOptions } from './types.js';
import { readQueryString } from './url.js';
import {
  bodyWithQuery,
  editUrlSearch,
  moveUrlSearch,
  type QueryPlace,
  readUrlSearch,
  takeSource,
  type UrlSearch,
} from './url-search.js';

/** Expands the shorthand in the search of a URL: where it stands, or in the body where the URL would grow too long. */
export class UrlRewriter {
  constructor(
    private readonly expander: Expander,
    private readonly options: Pick<RewriterOptions, 'shorthand' | 'limits'>,
  ) {}

  /**
   * Notes in `draft` what changes; nothing where the URL holds no shorthand.
   *
   * @param body what the client sent, or carried in the URL; that of the draft counts before it
   * @throws TerritoryError
   */
  rewrite(head: RequestHead, draft: Draft, body: Buffer | undefined, target: Target): void {
    if (target.clauses.length === 0 || !draft.target.includes('?')) return;
    const { shorthand } = this.options;
    const url = readQueryString(draft.target);
    const search = url && readUrlSearch(url, shorthand);
    if (search === undefined) return;
    const rewrite = rewriteLucene(this.expander, shorthand, search.q, {
      place: 'q',
      target,
      defaultOperator: search.defaultOperator,
      settings: search.settings,
    });
    if (rewrite === undefined) return;
    const { replaced, dropped } = rewrite;
    const edited = rewrite.edits && editUrlSearch(search, rewrite.edits, head.method);
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
