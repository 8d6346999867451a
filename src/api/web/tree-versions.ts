import { h, put } from './dom.js';
import { formatAgo, formatFull, formatMoment, formatWhole } from './format.js';
import { t } from './language.js';
import { facts } from './lists.js';

const CHANGES = ['removed', 'added', 'renamed', 'moved'] as const;
type Change = (typeof CHANGES)[number];

/** A version of the map as `GET trees` tells it, the newest first. */
export interface TreeVersion {
  readonly version: string;
  readonly since: number;
  readonly source?: string;
  readonly current: boolean;
  readonly units: number;
  readonly levels: Readonly<Record<string, number>>;
  readonly diff?: Readonly<Partial<Record<Change, Readonly<Record<string, number>>>>> & {
    readonly units?: readonly {
      readonly code: string;
      readonly label: string;
      readonly change: Change;
      readonly others?: readonly string[];
    }[];
  };
}

/** A level in words, or as it is called. */
export function levelName(level: string): string {
  const names: Readonly<Record<string, string>> = t.levels;
  return names[level] ?? level;
}

/** The map of territories: what is in use, and what changed in the last versions. */
export class TreeVersions {
  readonly element = h('section', { class: 'map-of-territories', 'aria-labelledby': 'map-title' });
  readonly #body = h('div', { class: 'columns' }, h('p', { class: 'quiet' }, t.loading));
  readonly #refused = h('p', { class: 'failed', hidden: true });

  constructor() {
    put(this.element, h('h2', { id: 'map-title' }, t.map.title), this.#refused, this.#body);
  }

  refused(reason: string | undefined): void {
    this.#refused.hidden = reason === undefined;
    put(this.#refused, reason !== undefined && t.map.refused(reason));
  }

  fail(error: Error): void {
    put(this.#body, h('p', { class: 'failed' }, t.failed(error.message)));
  }

  show(versions: readonly TreeVersion[], now: number): void {
    const [current] = versions;
    if (current === undefined) {
      put(this.#body, h('p', { class: 'quiet' }, t.nothing));
      return;
    }
    const { version, since, source, units, levels } = current;
    put(
      this.#body,
      h(
        'div',
        {},
        facts([
          [t.map.version, h('code', {}, version)],
          [t.map.since, h('time', { title: formatFull(since) }, `${formatMoment(since)} (${formatAgo(since, now)})`)],
          ...(source === undefined ? [] : [[t.map.source, source] as const]),
          [t.map.units, formatWhole(units)],
        ]),
        h('h3', {}, t.map.levels),
        facts(Object.entries(levels).map(([level, count]) => [levelName(level), formatWhole(count)])),
      ),
      h('div', {}, h('h3', {}, t.map.versions), h('ol', { class: 'versions' }, ...versions.map(versionOf))),
    );
  }
}

function versionOf({ version, since, diff, current }: TreeVersion): HTMLElement {
  const changes = CHANGES.flatMap((change) =>
    Object.entries(diff?.[change] ?? {})
      .filter(([, count]) => count > 0)
      .map(([level, count]) => ({ change, level, count })),
  );
  const words = changes.map(
    ({ change, level, count }) => `${formatWhole(count)} ${levelName(level)} ${t.map.change[change]}`,
  );
  const text = diff === undefined ? t.map.first : words.length === 0 ? t.map.noChange : words.join(', ');
  const named = diff?.units ?? [];
  const total = changes.reduce((sum, { count }) => sum + count, 0);
  return h(
    'li',
    {},
    h(
      'p',
      { class: 'head' },
      h('time', {}, formatMoment(since)),
      h('code', {}, version),
      current && h('span', { class: 'tag' }, t.map.current),
    ),
    named.length === 0
      ? h('p', {}, text)
      : h(
          'details',
          {},
          h('summary', {}, text),
          h(
            'ul',
            { class: 'changed' },
            ...named.map(({ code, label, change, others = [] }) =>
              h(
                'li',
                { 'data-change': change },
                h('span', { class: 'tag' }, t.map.change[change]),
                h('code', {}, code),
                ` ${label}`,
                others.length > 0 && ` → ${others.join(', ')}`,
              ),
            ),
            total > named.length && h('li', {}, t.map.more(formatWhole(total - named.length))),
          ),
        ),
  );
}
