import { h, put } from './dom.js';
import { facts, largestFirst } from './facts.js';
import { formatAgo, formatFull, formatMoment, formatWhole } from './format.js';
import { t } from './language.js';
import { unitLink } from './unit-link.js';
import type { Change } from './wire.js';

const CHANGES: readonly Change[] = ['removed', 'added', 'renamed', 'moved'];
/** Units that are named beside the counts; the others on a click. */
const NAMED = 3;

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
        facts(largestFirst(levels).map(([level, count]) => [t.level(level, count), formatWhole(count)])),
      ),
      h('div', {}, h('h3', {}, t.map.versions), h('ol', { class: 'versions' }, ...versions.map(versionOf))),
    );
  }
}

function versionOf({ version, since, diff, current }: TreeVersion): HTMLElement {
  const changes = CHANGES.flatMap((change) =>
    largestFirst(diff?.[change] ?? {})
      .filter(([, count]) => count > 0)
      .map(([level, count]) => ({ change, level, count })),
  );
  const words = changes.map(
    ({ change, level, count }) =>
      `${formatWhole(count)} ${t.level(level, count)} ${t.map.change(change, level, count)}`,
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
          h('summary', {}, t.map.named(text, firstNames(named, total))),
          h(
            'ul',
            { class: 'changed' },
            ...named.map(({ code, label, change, others = [] }) =>
              h(
                'li',
                { 'data-change': change },
                h('span', { class: 'tag' }, t.map.change(change, levelOf(code), 1)),
                // What is gone has no page of its own.
                change === 'removed' ? h('code', {}, code) : unitLink(code),
                label !== '' && ` ${label}`,
                others.length > 0 && [' → ', ...others.flatMap((other, i) => [i > 0 && ', ', unitLink(other)])],
              ),
            ),
            total > named.length && h('li', {}, t.map.more(total - named.length, formatWhole(total - named.length))),
          ),
        ),
  );
}

/** The first units that changed by their names, the largest kind of change first. */
function firstNames(named: NonNullable<NonNullable<TreeVersion['diff']>['units']>, total: number): string {
  const names = named.slice(0, NAMED).map(({ code, label }) => label || code);
  return `${names.join(', ')}${total > names.length ? ' …' : ''}`;
}

function levelOf(code: string): string {
  return code.slice(0, code.indexOf(':'));
}
