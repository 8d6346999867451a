/** Paths whose POST only reads: under nothing, an index, or an index and a type, of which neither is a word of the API. */
const READING_POST =
  /^\/(?:(?:_all|(?!_)[^/]+)\/(?:(?!_)[^/]+\/)?)?_(?:(?:search|msearch)(?:\/template)?|count|mget|validate\/query|field_caps|rank_eval|render\/template(?:\/[^/]+)?|search_shards|mtermvectors|analyze|(?:explain|termvectors)\/[^/]+)\/?$/;

/** A scroll moves on with each read, whatever the method; a second one would leave out a page. */
const MOVES_ON = /scroll|\/_async_search|\/_pit|keep_alive=/;

/** Whether a request may be sent a second time after it may have reached Elasticsearch. */
export function isSafeRead(method: string, target: string): boolean {
  const read = decoded(target);
  if (read === undefined || MOVES_ON.test(read)) return false;
  if (method === 'GET' || method === 'HEAD') return true;
  return method === 'POST' && READING_POST.test(pathOf(target));
}

/** As Elasticsearch reads it; `undefined` for what can't be read. */
function decoded(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The path, its segments decoded: a slash in one of them (`%2F`) parts nothing. */
function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  if (!path.includes('%')) return path;
  return path
    .split('/')
    .map((segment) => (decoded(segment) ?? segment).replaceAll('/', '-'))
    .join('/');
}
