import { dockerAnswers, startInDocker } from './docker-elasticsearch.mjs';
import { isReady, startElasticsearch } from './elasticsearch.mjs';

/**
 * An Elasticsearch for the demo: the one of `ELASTICSEARCH_URL` where that is set, else one in Docker where a daemon
 * answers, else the server from Maven Central.
 *
 * @param {string | undefined} given `ELASTICSEARCH_URL`
 * @returns {Promise<{ url: string, source: string, stop: () => Promise<void> }>} `source` says in words where it is
 *   from; `stop` leaves alone what was given
 * @throws {Error} one sentence when none can be had
 */
export async function findElasticsearch(given) {
  if (given) {
    const [url] = given.split(',');
    if (!(await isReady(url))) {
      throw new Error(
        `ELASTICSEARCH_URL is ${withoutPassword(given)}, but no Elasticsearch that is ready answers there.`,
      );
    }
    return { url: given, source: 'the one of ELASTICSEARCH_URL', stop: async () => {} };
  }
  if (await dockerAnswers()) return { ...(await startInDocker()), source: 'a container of Docker' };
  return { ...(await startElasticsearch()), source: 'the server from Maven Central' };
}

/** An address as it may be shown. */
export function withoutPassword(url) {
  return url.replace(/\/\/[^/@,]*@/g, '//…@');
}
