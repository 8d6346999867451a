import { z } from 'zod';
import { listOf, shown, text } from './fields.js';

/** The name of an index, or a pattern with `*`. https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-create */
export const indexPattern = text('the name or pattern of an index').superRefine((pattern, context) => {
  const wrong = /[\s,"<>|\\/?#]/.exec(pattern)?.[0];
  if (wrong !== undefined) {
    context.addIssue({
      code: 'custom',
      message: `${shown(pattern)} holds ${shown(wrong)}, which no index name does; write one pattern a line, with * for any text`,
    });
  } else if (/^[-_+]/.test(pattern)) {
    context.addIssue({ code: 'custom', message: `${shown(pattern)} begins as no index name does` });
  } else if (pattern !== pattern.toLowerCase()) {
    context.addIssue({ code: 'custom', message: `${shown(pattern)} has capitals, which no index name has` });
  }
});

/** A URL of scheme, host and port only. `undefined` where it is none, which is told to the context. */
function origin(value: string, example: string, context: z.RefinementCtx): URL | undefined {
  const fault = (message: string): undefined => {
    context.addIssue({ code: 'custom', message });
  };
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // A value that is no URL may still hold a password: it is not shown.
  if (url === undefined || !/^https?:$/.test(url.protocol)) return fault(`must be a URL such as ${example}`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return fault(`has a path (${url.pathname}${url.search}${url.hash}): name only the scheme, host and port`);
  }
  return url;
}

/** One address of Elasticsearch, normalised to its origin with any credentials. */
const nodeUrl = text('an http or https URL').transform(
  (value, context) => origin(value, 'http://localhost:9200', context)?.href.slice(0, -1) ?? z.NEVER,
);

/** The address under which clients reach the proxy, normalised to its origin. */
export const publicUrl = text('an http or https URL').transform(
  (value, context) => origin(value, 'http://search.example.org:9280', context)?.origin ?? z.NEVER,
);

/** Addresses as a list, or as one text with commas. */
export const nodeUrls = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '')
      : value,
  listOf(nodeUrl, 'URLs'),
);
