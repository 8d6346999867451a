/** What a series tells. */
export interface SeriesInfo {
  /** What its key is; absent where it has none. */
  readonly label?: 'endpoint' | 'type' | 'code' | 'group' | 'level' | 'change' | 'place';
  /**
   * `events`: `count` things happened, `sum` is their value. `values`: as events, each with a value of which the sketch
   * keeps the distribution. `samples`: `count` looks at a gauge, of which `sum / count` is the mean.
   */
  readonly kind: 'events' | 'values' | 'samples';
  readonly unit:
    | 'requests'
    | 'codes'
    | 'hits'
    | 'places'
    | 'terms'
    | 'seconds'
    | 'bytes'
    | 'units'
    | 'documents'
    | 'changes';
  /** What one in the unit counts in the sketch, which holds whole numbers: microseconds for seconds. */
  readonly scale?: number;
  readonly help: string;
}

const MICROSECONDS = 1e6;

/**
 * Every series of the history. A group is a unit of the lowest level of the primary partition, from the top, that has
 * no more than 250 units (in France departments); what lies above or across counts under the smallest unit around it.
 */
export const SERIES = {
  requests: { label: 'endpoint', kind: 'events', unit: 'requests', help: 'Requests.' },
  rewritten: { label: 'endpoint', kind: 'events', unit: 'requests', help: 'Requests that held a shorthand.' },
  errors: { label: 'type', kind: 'events', unit: 'requests', help: 'Errors that the proxy answered or met.' },
  unknown: { label: 'code', kind: 'events', unit: 'codes', help: 'Codes in requests that the tree does not know.' },
  unknown_groups: {
    label: 'group',
    kind: 'events',
    unit: 'codes',
    help: 'Unknown codes by the group that they lay in on an earlier tree; those that no tree knew have none.',
  },
  former: { label: 'code', kind: 'events', unit: 'codes', help: 'Former codes in rewritten requests.' },
  searches: {
    label: 'group',
    kind: 'events',
    unit: 'requests',
    help: 'Rewritten searches whose hits are known, by the groups of the units that they name.',
  },
  no_hits: { label: 'group', kind: 'events', unit: 'requests', help: 'Those of `searches` without a hit.' },
  hits: { kind: 'events', unit: 'hits', help: 'Hits (`sum`) of rewritten searches whose hits are known (`count`).' },
  cache_hits: { kind: 'events', unit: 'places', help: 'Places whose expansion was in the cache.' },
  cache_misses: { kind: 'events', unit: 'places', help: 'Places whose expansion had to be made.' },
  rewrite_seconds: { kind: 'values', unit: 'seconds', scale: MICROSECONDS, help: 'Time to rewrite a request.' },
  upstream_seconds: {
    kind: 'values',
    unit: 'seconds',
    scale: MICROSECONDS,
    help: "From the request sent to the head of Elasticsearch's answer.",
  },
  took_seconds: {
    kind: 'values',
    unit: 'seconds',
    scale: 1000,
    help: "Elasticsearch's own `took` of rewritten searches.",
  },
  expansion_terms: { kind: 'values', unit: 'terms', scale: 1, help: 'Codes in the clauses that a place became.' },
  in_flight: { kind: 'samples', unit: 'requests', help: 'Requests under way.' },
  event_loop_delay: {
    kind: 'values',
    unit: 'seconds',
    scale: MICROSECONDS,
    help: "The 99th percentile of the event loop's delay in each few seconds.",
  },
  memory: { kind: 'samples', unit: 'bytes', help: 'Resident memory of a process.' },
  tree_units: { label: 'level', kind: 'samples', unit: 'units', help: 'Units in the tree by level.' },
  tree_age: { kind: 'samples', unit: 'seconds', help: 'How long the tree has been in use.' },
  deliveries: {
    label: 'change',
    kind: 'events',
    unit: 'changes',
    help: 'Changes that deliveries brought: CREATE, AMEND, REMOVE; NONE counts those that brought none.',
  },
  tag_faults: {
    label: 'place',
    kind: 'samples',
    unit: 'documents',
    help: 'Tags that the hourly look at an index found wrong: `INDEX:unknown`, `INDEX:former`, `INDEX:missing`.',
  },
} as const satisfies Readonly<Record<string, SeriesInfo>>;

export type SeriesName = keyof typeof SERIES;

export const SERIES_NAMES = Object.keys(SERIES) as readonly SeriesName[];
