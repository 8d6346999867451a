import type { Outcome } from '../../query/types.js';
import { defineRoute, type Route } from '../route.js';
import * as schemas from '../schemas.js';
import type { ApiRewriter } from '../services.js';

interface Given {
  method: string;
  path: string;
  headers?: Record<string, string> | undefined;
  body?: string | Record<string, unknown> | undefined;
}

function dryRun(rewriter: ApiRewriter, { method, path, headers = {}, body }: Given): Outcome {
  const header = (name: string) => Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  const head = {
    method,
    target: path,
    contentType: header('content-type') ?? (text === undefined ? undefined : 'application/json'),
    contentEncoding: header('content-encoding'),
    accept: header('accept'),
  };
  if (rewriter.plan(head).kind === 'stream') return { kind: 'pass' };
  return rewriter.rewrite(head, text === undefined ? undefined : Buffer.from(text));
}

/** A body in the form in which one was given: text stays text, so that no number changes. */
function inForm(body: Buffer | undefined, given: Given['body']): Given['body'] | null {
  if (body === undefined) return null;
  const text = body.toString();
  return typeof given === 'string' ? text : JSON.parse(text);
}

const rewrite = defineRoute({
  method: 'post',
  path: '/rewrite',
  summary: 'What Elasticsearch would get of a request',
  description:
    'A dry run: Elasticsearch is not called. A request that the proxy would refuse is answered with that error.',
  body: schemas.requestToRewrite,
  answers: { 200: { description: 'The request after rewriting.', schema: schemas.rewrittenRequest } },
  handle({ body: given, services }) {
    const { method, path, body = null } = given;
    const outcome = dryRun(services.rewriter(), given);
    switch (outcome.kind) {
      case 'pass':
        return { json: { method, path, body, replaced: [] } };
      case 'render': {
        // What it says is known only when it is rendered, and this calls nobody.
        const render = outcome.asks.map(({ method, target, body }) => ({
          method,
          path: target,
          body: body?.toString() ?? null,
        }));
        return { json: { method, path, body, replaced: [], render } };
      }
      case 'answer': {
        // Every search of an _msearch was refused: the answer holds their errors, each in its place.
        const { responses = [] } = JSON.parse(outcome.body.toString()) as {
          responses?: { error: object; status: number }[];
        };
        const refused = responses.map(({ error, status }, position) => ({ position, status, error }));
        return { json: { method, path, body: null, replaced: outcome.replaced, refused } };
      }
      case 'rewritten': {
        const { replaced, warnings, refused } = outcome;
        return {
          json: {
            method: outcome.method,
            path: outcome.target,
            body: inForm(outcome.body, given.body),
            replaced,
            ...(warnings.length > 0 ? { warnings } : {}),
            ...(refused !== undefined && refused.length > 0 ? { refused } : {}),
          },
        };
      }
    }
  },
});

export const rewriteRoutes: readonly Route[] = [rewrite];
