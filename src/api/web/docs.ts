import { Banner } from './banner.js';
import { redocTheme } from './docs-theme.js';
import { h } from './dom.js';
import { watchEmergency } from './watch-emergency.js';

/** What `docs/redoc.js`, which runs before, leaves for us. */
declare const Redoc: { init(description: string, options: object, element: HTMLElement): void };

// Redoc speaks English only.
document.title = 'The API · territory-proxy';
const banner = new Banner();
const reference = h('main', { id: 'reference' });
document.body.replaceChildren(banner.element, reference);
Redoc.init('openapi.json', { disableSearch: true, theme: redocTheme() }, reference);
// It takes its colours once. Where it is read stands in the address, so that a new page is at the same place.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => location.reload());

watchEmergency((open) => banner.show(open));
