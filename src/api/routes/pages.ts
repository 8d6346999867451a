import { z } from 'zod';
import type { Assets } from '../assets.js';
import { NotFoundError } from '../errors.js';
import { defineRoute, type Route } from '../route.js';

const PAGES = {
  dashboard: 'The stand-up page: whether all is well',
  explorer: 'The map of territories as a page: names, expressions, queries',
  emergency: 'The emergency process as a page',
} as const;

/** Nothing comes from anywhere but here, and nothing is written into the page itself. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What the modules of the pages have to know of the configuration. */
export interface PageSettings {
  readonly timeZone: string | undefined;
  readonly shorthand: string | undefined;
  readonly exampleIndex: string | undefined;
}

/** What does not change from one page to another; the modules write the rest in the reader's language. */
function pageText(name: string, hash: string, settings: PageSettings): string {
  const assets = `assets/${hash}`;
  const { timeZone = '', shorthand = '', exampleIndex = '' } = settings;
  const data = { page: name, build: hash, 'time-zone': timeZone, shorthand, index: exampleIndex };
  const attributes = Object.entries(data).map(([key, value]) => `data-${key}="${escaped(value)}"`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>territory-proxy</title>
<link rel="icon" href="${assets}/icon.svg" type="image/svg+xml">
<script src="${assets}/theme.js"></script>
<link rel="stylesheet" href="${assets}/vendor/uplot.css">
<link rel="stylesheet" href="${assets}/style.css">
<script type="module" src="${assets}/${name}.js"></script>
</head>
<body ${attributes.join(' ')}>
<noscript>This page needs JavaScript. Cette page a besoin de JavaScript.</noscript>
</body>
</html>
`;
}

/** Nothing of a configuration is markup. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** The pages and their files. The files are read when the first of them is asked for. */
export function pageRoutes(assets: () => Assets, settings: PageSettings): readonly Route[] {
  const pages = Object.entries(PAGES).map(([name, summary]) =>
    defineRoute({
      method: 'get',
      path: `/${name}`,
      summary,
      answers: { 200: { description: 'A page.', contentType: 'text/html' } },
      handle: () => ({
        contentType: 'text/html; charset=utf-8',
        content: pageText(name, assets().hash, settings),
        headers: {
          'content-security-policy': POLICY,
          'referrer-policy': 'same-origin',
          'x-frame-options': 'DENY',
          'cross-origin-opener-policy': 'same-origin',
        },
      }),
    }),
  );
  const file = (path: string) =>
    defineRoute({
      method: 'get',
      path,
      summary: 'A module, style or picture of the pages',
      description: 'The hash is that of all files together, so an address never means anything else.',
      params: z.strictObject({
        hash: z.string().meta({ example: '0123456789abcdef' }),
        ...(path.includes(':folder') ? { folder: z.literal('vendor') } : {}),
        name: z.string().meta({ example: 'style.css' }),
      }),
      answers: {
        200: { description: 'The file.', contentType: 'text/javascript' },
        404: { description: 'No such file in this build.', schema: undefined, contentType: 'application/json' },
      },
      handle({ params }) {
        const { hash, folder, name } = params as { hash: string; folder?: string; name: string };
        const path = folder === undefined ? name : `${folder}/${name}`;
        const asset = hash === assets().hash ? assets().file(path) : undefined;
        if (asset === undefined) throw new NotFoundError(`there is no file [${path}] of the pages in build [${hash}]`);
        return { ...asset, headers: { 'cache-control': 'public, max-age=31536000, immutable' } };
      },
    });
  return [...pages, file('/assets/:hash/:name'), file('/assets/:hash/:folder/:name')];
}
