import { Banner } from './banner.js';
import { redrawCharts } from './chart-registry.js';
import { h, put } from './dom.js';
import { formatClock } from './format.js';
import { chooseLanguage, language, t } from './language.js';
import type { OpenEmergency } from './wire.js';
import { clock, readersZone } from './zone.js';

export type PageName = 'dashboard' | 'explorer' | 'emergency';

export interface Shell {
  readonly main: HTMLElement;
  /** Shows an open emergency on top of the page, or none. */
  emergency(open: OpenEmergency | undefined): void;
  /** Says whether the page hears from the proxy. */
  connection(lostSince: number | undefined): void;
}

const THEMES = ['auto', 'light', 'dark'] as const;
const THEME = 'territory.theme';

/** The frame of every page: its landmarks, the way to the others, language and colours. */
export function openShell(page: PageName): Shell {
  document.documentElement.lang = language;
  document.title = `${t.titles[page]} · territory-proxy`;
  const main = h('main', { id: 'main', tabindex: '-1' });
  const banner = new Banner();
  const connection = h(
    'p',
    { class: 'connection', role: 'status', 'data-state': 'connecting' },
    dot(),
    t.connection.connecting,
  );
  const links = (['dashboard', 'explorer', 'emergency'] as const).map((name) =>
    h('a', { href: name, 'aria-current': name === page && 'page' }, t.titles[name]),
  );
  document.body.replaceChildren(
    h('a', { class: 'skip', href: '#main' }, t.nav.skip),
    h(
      'header',
      {},
      h('span', { class: 'brand' }, 'territory-proxy'),
      h('nav', { 'aria-label': t.nav.label }, ...links),
      h('div', { class: 'status' }, connection, zone()),
      h('div', { class: 'settings' }, languageChoice(), themeChoice()),
    ),
    banner.element,
    main,
    h('footer', {}, h('a', { href: 'docs' }, t.footer.api), h('a', { href: 'metrics' }, t.footer.metrics)),
  );
  return {
    main,
    emergency(open) {
      // The page of the emergency is about nothing else.
      if (page !== 'emergency') banner.show(open);
    },
    connection(lostSince) {
      const state = lostSince === undefined ? 'live' : 'lost';
      if (connection.dataset.state === state) return;
      connection.dataset.state = state;
      put(connection, dot(), lostSince === undefined ? t.connection.live : t.connection.lost(formatClock(lostSince)));
    },
  };
}

/** Whose times those of the page are; told apart where the reader's clock shows another. */
function zone(): HTMLElement {
  const own = readersZone(Date.now());
  const text = own === undefined ? t.zone.times(clock.zone) : t.zone.differs(clock.zone, own);
  return h('p', { class: 'zone', 'data-differs': String(own !== undefined) }, text);
}

function dot(): HTMLElement {
  return h('span', { class: 'dot', 'aria-hidden': 'true' });
}

function languageChoice(): HTMLElement {
  const other = language === 'fr' ? 'en' : 'fr';
  return h(
    'button',
    { type: 'button', class: 'plain', lang: other, onclick: () => chooseLanguage(other) },
    other === 'fr' ? 'Français' : 'English',
  );
}

function themeChoice(): HTMLElement {
  const stored = localStorage.getItem(THEME);
  const select = h(
    'select',
    { 'aria-label': t.theme.label, class: 'plain' },
    ...THEMES.map((theme) => h('option', { value: theme, selected: theme === (stored ?? 'auto') }, t.theme[theme])),
  );
  select.addEventListener('change', () => {
    localStorage.setItem(THEME, select.value);
    if (select.value === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = select.value;
    redrawCharts();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => redrawCharts());
  return select;
}
