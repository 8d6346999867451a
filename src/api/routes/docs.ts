import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { describeApi } from '../openapi.js';
import { defineRoute, type Route } from '../route.js';

/** The one thing that redoc's bundle asks of another machine; an empty image stands in for it. */
const OUTSIDE_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const EMPTY_IMAGE = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

/** It names each entry of its menu anew, without the method that is shown there: who speaks to the page can't find it. */
const MENU_LABEL = 'role:"menuitem","aria-label":e.sidebarLabel,';

const STYLE = 'body { margin: 0 }';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>territory-proxy: API</title>
<style>${STYLE}</style>
</head>
<body>
<redoc spec-url="openapi.json" disable-search></redoc>
<script src="docs/redoc.js"></script>
</body>
</html>
`;

/**
 * The styles that may stand in the page, by their hashes: its own, the one of Redoc's scroll bar, and an empty one, which
 * Redoc fills rule by rule.
 */
const STYLES = [hashOf(STYLE), "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='", hashOf('')];

/** Nothing else may come from anywhere but here. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src ${STYLES.join(' ')}`,
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const openApiDocument = z.looseObject({ openapi: z.literal('3.1.0') }).meta({ id: 'OpenApiDocument' });

let bundle: string | undefined;

function redocBundle(): string {
  const file = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');
  bundle ??= readFileSync(file, 'utf8')
    .replaceAll(OUTSIDE_LOGO, EMPTY_IMAGE)
    .replaceAll(MENU_LABEL, 'role:"menuitem",');
  return bundle;
}

function hashOf(style: string): string {
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
}

/** The description of the API, itself among what it describes, and a page that shows it. */
export function docsRoutes(others: readonly Route[], version: string): readonly Route[] {
  const openApi = defineRoute({
    method: 'get',
    path: '/openapi.json',
    summary: 'The description of this API',
    answers: { 200: { description: 'An OpenAPI 3.1 document.', schema: openApiDocument } },
    handle: () => ({ json: description }),
  });
  const docs = defineRoute({
    method: 'get',
    path: '/docs',
    summary: 'The description of this API as a page',
    answers: { 200: { description: 'A page.', contentType: 'text/html' } },
    handle: () => ({
      contentType: 'text/html; charset=utf-8',
      content: PAGE,
      headers: { 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer' },
    }),
  });
  const script = defineRoute({
    method: 'get',
    path: '/docs/redoc.js',
    summary: 'The script of that page',
    answers: { 200: { description: 'A script.', contentType: 'text/javascript' } },
    handle: () => ({
      contentType: 'text/javascript; charset=utf-8',
      content: redocBundle(),
      headers: { 'cache-control': 'private, max-age=86400' },
    }),
  });
  const routes = [openApi, docs, script];
  const description = describeApi([...others, ...routes], version);
  return routes;
}
