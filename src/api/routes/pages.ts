import { z } from 'zod';
import type { Assets } from '../assets.js';
import { NotFoundError } from '../errors.js';
import { type Page, type PageSettings, policyOf, textOf } from '../page.js';
import { defineRoute, type Route } from '../route.js';

const STYLES = ['vendor/uplot.css', 'style.css'];

const PAGES: readonly Page[] = [
  { name: 'dashboard', summary: 'The stand-up page: whether all is well', styles: STYLES },
  { name: 'explorer', summary: 'The map of territories as a page: names, expressions, queries', styles: STYLES },
  { name: 'emergency', summary: 'The emergency process as a page', styles: STYLES },
  {
    name: 'docs',
    summary: 'The description of this API as a page',
    styles: ['docs.css'],
    scripts: ['docs/redoc.js'],
    // Redoc writes the style of its scroll bar, and an empty one, which it fills rule by rule.
    styleSources: [
      "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
      "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    ],
    imageSources: ['data:'],
  },
];

/** The pages and their files. The files are read when the first of them is asked for. */
export function pageRoutes(assets: () => Assets, settings: PageSettings): readonly Route[] {
  const pages = PAGES.map((page) =>
    defineRoute({
      method: 'get',
      path: `/${page.name}`,
      summary: page.summary,
      answers: { 200: { description: 'A page.', contentType: 'text/html' } },
      handle: () => ({
        contentType: 'text/html; charset=utf-8',
        content: textOf(page, assets().hash, settings),
        headers: {
          'content-security-policy': policyOf(page),
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
