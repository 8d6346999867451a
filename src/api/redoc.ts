import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What is written anew in Redoc's bundle, which has no option for it. */
const CHANGES: readonly (readonly [from: string, to: string])[] = [
  // The one thing that it asks of another machine; an empty image stands in for it.
  [
    'https://cdn.redoc.ly/redoc/logo-mini.svg',
    'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==',
  ],
  // It names each entry of its menu anew, without the method that is shown there: who speaks to the page can't find it.
  ['role:"menuitem","aria-label":e.sidebarLabel,', 'role:"menuitem",'],
  // Colours that are no part of its theme, and can't be read on a dark page.
  ['color: rgba(38, 50, 56, 0.7);', 'color: var(--muted);'],
  ['1px solid rgba(38, 50, 56, 0.3);', '1px solid var(--line);'],
  ['1px solid #9fb4be;', '1px solid var(--line);'],
  ['  color: black;', '  color: var(--ink);'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template in the bundle.
  ['background: ${({theme:e})=>e.rightPanel.textColor};', 'background: var(--accent-soft);'],
  ['color: #0e7c86;', 'color: var(--accent);'],
  ['background: #ffffff;', 'background: var(--paper);'],
  ['background-color: white;', 'background-color: var(--surface);'],
  ['\\n      color: white;\\n      background', '\\n      color: var(--on-strong);\\n      background'],
];

let bundle: string | undefined;

/** The script that draws the description of the API. Throws where its version is not the one that is changed here. */
export function redocBundle(): string {
  bundle ??= CHANGES.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`the bundle of redoc no longer holds [${from}]`);
      return text.replaceAll(from, to);
    },
    readFileSync(createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js'), 'utf8'),
  );
  return bundle;
}
