/** What the modules of the pages have to know of the configuration. */
export interface PageSettings {
  readonly timeZone: string | undefined;
  readonly shorthand: string | undefined;
  readonly exampleIndex: string | undefined;
}

/** A page: what it loads beside what all of them load, and what it may. */
export interface Page {
  readonly name: string;
  /** For the description of the API. */
  readonly summary: string;
  /** Names of built files. */
  readonly styles: readonly string[];
  /** Paths under the API; they run before the page's own module. */
  readonly scripts?: readonly string[];
  /** Sources of styles and images that the policy lets in too. */
  readonly styleSources?: readonly string[];
  readonly imageSources?: readonly string[];
}

/** Nothing comes from anywhere but here, and nothing is written into the page itself. */
export function policyOf({ styleSources = [], imageSources = [] }: Page): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    ["style-src 'self'", ...styleSources].join(' '),
    "connect-src 'self'",
    ["img-src 'self'", ...imageSources].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * What does not change from one page to another; the modules write the rest in the reader's language.
 * @param hash of the built files
 */
export function textOf({ name, styles, scripts = [] }: Page, hash: string, settings: PageSettings): string {
  const assets = `assets/${hash}`;
  const { timeZone = '', shorthand = '', exampleIndex = '' } = settings;
  const data = { page: name, build: hash, 'time-zone': timeZone, shorthand, index: exampleIndex };
  const attributes = Object.entries(data).map(([key, value]) => `data-${key}="${escaped(value)}"`);
  const links = ['base.css', ...styles].map((style) => `<link rel="stylesheet" href="${assets}/${style}">`);
  const before = scripts.map((script) => `<script src="${script}" defer></script>\n`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>territory-proxy</title>
<link rel="icon" href="${assets}/icon.svg" type="image/svg+xml">
<script src="${assets}/theme.js"></script>
${links.join('\n')}
${before.join('')}<script type="module" src="${assets}/${name}.js"></script>
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
