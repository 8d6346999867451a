import express, { type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import { BodyTooLargeError, IllegalArgumentError, MalformedBodyError, UnsupportedMediaTypeError } from './errors.js';

/** Longest body of a request to the API, in bytes, inflated. */
const BODY_BYTES = 10 * 1024 * 1024;

const JSON_TYPE = /^application\/(json|vnd\.elasticsearch\+json)\s*(;|$)/i;

/** Refuses a body that is not declared as JSON, before it is read: a form of a foreign page can't declare that. */
export function requireJson(request: Request, { hasBody }: { hasBody: boolean }): void {
  const type = request.headers['content-type'];
  const carries =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (type === undefined && !hasBody && !carries) return;
  if (type !== undefined && JSON_TYPE.test(type)) return;
  throw new UnsupportedMediaTypeError(`Content-Type header [${type ?? ''}] is not supported, send [application/json]`);
}

const parseJson: RequestHandler = express.json({ limit: BODY_BYTES, type: () => true });

/** The JSON of a body. */
export function readJson(request: Request, response: Response): Promise<unknown> {
  return new Promise((resolve, reject) => {
    parseJson(request, response, (error?: unknown) => {
      if (error === undefined) resolve(request.body);
      else reject(bodyError(error as Error & { type?: string; status?: number }));
    });
  });
}

function bodyError(error: Error & { type?: string; status?: number }): Error {
  if (error.type === 'entity.too.large') return new BodyTooLargeError(`a body may have at most ${BODY_BYTES} bytes`);
  if (error.status === 415) return new UnsupportedMediaTypeError(error.message);
  if (error.status !== undefined && error.status < 500)
    return new MalformedBodyError(`the body is no JSON: ${error.message}`);
  return error;
}

/** A value as its schema makes it. Throws an `IllegalArgumentError` that names every fault. */
export function checked(schema: z.ZodType | undefined, value: unknown, place: 'path' | 'query' | 'body'): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new IllegalArgumentError(result.error.issues.map((issue) => describe(issue, place)).join('; '));
}

function describe(issue: z.core.$ZodIssue, place: string): string {
  const at = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const what = place === 'query' ? 'unrecognized parameter' : 'unrecognized key';
    return `${place}${at && ` [${at}]`}: ${what} [${issue.keys.join('], [')}]`;
  }
  return `${place}${at && ` [${at}]`}: ${issue.message}`;
}
