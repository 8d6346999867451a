import { z } from 'zod';
import { describeApi } from '../openapi.js';
import { redocBundle } from '../redoc.js';
import { defineRoute, type Route } from '../route.js';

const openApiDocument = z.looseObject({ openapi: z.literal('3.1.0') }).meta({ id: 'OpenApiDocument' });

/** The description of the API, itself among what it describes, and the script that draws it on its page. */
export function docsRoutes(others: readonly Route[], version: string): readonly Route[] {
  const openApi = defineRoute({
    method: 'get',
    path: '/openapi.json',
    summary: 'The description of this API',
    answers: { 200: { description: 'An OpenAPI 3.1 document.', schema: openApiDocument } },
    handle: () => ({ json: description }),
  });
  const script = defineRoute({
    method: 'get',
    path: '/docs/redoc.js',
    summary: 'The script that draws it as a page',
    answers: { 200: { description: 'A script.', contentType: 'text/javascript' } },
    handle: () => ({
      contentType: 'text/javascript; charset=utf-8',
      content: redocBundle(),
      headers: { 'cache-control': 'private, max-age=86400' },
    }),
  });
  const routes = [openApi, script];
  const description = describeApi([...others, ...routes], version);
  return routes;
}
