/** Routes whose POST only reads. */
const READING_POST =
  /\/_(?:(?:search|msearch)(?:\/template)?|count|mget|validate\/query|field_caps|rank_eval|render\/template(?:\/[^/?]+)?|search_shards|mtermvectors|analyze|(?:explain|termvectors)\/[^/?]+)\/?(?:\?|$)/;

/** A scroll moves on with each read, whatever the method; a second one would leave out a page. */
const MOVES_ON = /scroll|\/_async_search|\/_pit|keep_alive=/;

/** Whether a request may be sent a second time after it may have reached Elasticsearch. */
export function isSafeRead(method: string, target: string): boolean {
  if (MOVES_ON.test(target)) return false;
  if (method === 'GET' || method === 'HEAD') return true;
  return method === 'POST' && READING_POST.test(target);
}
