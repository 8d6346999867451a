import { readFileSync } from 'node:fs';
import type { Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { Metrics } from '../../src/stats/metrics.js';
import { Tally } from '../../src/stats/tally.js';

/** The files of config/prometheus and config/grafana against the exposition that the proxy really gives. */
const scrape = parse(read('prometheus/prometheus.yml')) as {
  rule_files: string[];
  scrape_configs: { metrics_path: string }[];
};
const { groups } = parse(read('prometheus/rules.yml')) as { groups: { rules: { record: string; expr: string }[] }[] };
const rules = groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read('grafana/dashboards/territory-proxy.json')) as Dashboard;
const drawn = [
  ...dashboard.panels.flatMap((panel) => panel.targets.map(({ expr }) => expr)),
  ...dashboard.annotations.list.map(({ expr }) => expr),
];

interface Dashboard {
  uid: string;
  panels: { id: number; title: string; gridPos: Record<'x' | 'y' | 'w' | 'h', number>; targets: { expr: string }[] }[];
  annotations: { list: { expr: string }[] };
  templating: { list: { name: string; query: string | { query: string } }[] };
}

function read(name: string): string {
  return readFileSync(new URL(`../../config/${name}`, import.meta.url), 'utf8');
}

/** Names and labels as Prometheus would see them after a scrape. */
async function exposed(): Promise<Map<string, Set<string>>> {
  const metrics = new Metrics(
    {
      cache: () => ({ hits: 1, misses: 1, evictions: 1, entries: 1, bytes: 1 }),
      tree: () => ({ version: '0', units: 1, loadedAt: new Date(0) }),
      inFlight: () => 1,
    },
    { version: '0' },
  );
  const tally = new Tally();
  tally.record({
    ...{ time: 0, method: 'GET', path: '/a/_search', endpoint: 'search', outcome: 'rewritten', status: 200 },
    ...{ client: '', treeVersion: '0', bytesIn: 0, bytesOut: 0, rewriteMicros: 1, upstreamMicros: 1 },
    outcomeDetail: { places: 1, replaced: [], cache: 'hit', indices: 'a' },
    error: { type: 'unknown_unit_exception', reason: '' },
  });
  metrics.add(tally);
  const found = new Map<string, Set<string>>();
  for (const line of (await metrics.exposition()).text.split('\n')) {
    const sample = /^(\w+)(?:\{(.*)\})? /.exec(line);
    if (sample === null) continue;
    const labels = [...(sample[2] ?? '').matchAll(/(\w+)="/g)].map((label) => label[1]!);
    found.set(sample[1]!, new Set([...(found.get(sample[1]!) ?? []), ...labels]));
  }
  return found;
}

/** What an expression names; throws where it is no PromQL. */
function named(expr: string): { metrics: string[]; labels: string[] } {
  const tree: Tree = parser.parse(expr);
  const texts: Record<string, string[]> = { Identifier: [], LabelName: [] };
  tree.iterate({
    enter(node) {
      if (node.type.isError) throw new SyntaxError(`not PromQL at ${node.from}: ${expr}`);
      texts[node.name]?.push(expr.slice(node.from, node.to));
    },
  });
  return { metrics: texts.Identifier!, labels: texts.LabelName! };
}

const SCRAPED = new Set(['job', 'instance']);

describe('the rules for Prometheus', () => {
  it('are the file that its configuration names, on the path that the proxy serves', () => {
    expect(scrape.rule_files).toEqual(['rules.yml']);
    expect(scrape.scrape_configs.map((job) => job.metrics_path)).toEqual(['/_territory/metrics']);
  });

  it.each(rules)('$record is worked out from metrics and labels that exist', async ({ record, expr }) => {
    expect(record).toMatch(/^territory:[a-z_]+:[a-z0-9_]+$/);
    const exposition = await exposed();
    const { metrics, labels } = named(expr);
    expect(metrics.length).toBeGreaterThan(0);
    const known = metrics.flatMap((metric) => [...(exposition.get(metric) ?? [`no metric ${metric}`])]);
    expect(known.filter((text) => text.startsWith('no metric'))).toEqual([]);
    expect(labels.filter((label) => !SCRAPED.has(label) && !known.includes(label))).toEqual([]);
  });

  it('have names of their own', () => {
    expect(new Set(rules.map((rule) => rule.record)).size).toBe(rules.length);
  });
});

describe('the dashboard for Grafana', () => {
  it.each(drawn)('draws what exists: %s', async (expr) => {
    const exposition = await exposed();
    const recorded = new Set(rules.map((rule) => rule.record));
    // Grafana puts its own variables in.
    const { metrics } = named(expr.replaceAll('$job', 'job').replaceAll('$instance', 'instance'));
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((metric) => !exposition.has(metric) && !recorded.has(metric))).toEqual([]);
  });

  it('has the variables that its expressions use', () => {
    const variables = new Set(dashboard.templating.list.map((variable) => variable.name));
    const used = [...JSON.stringify(dashboard).matchAll(/\$\{?([a-z]+)\}?/g)].map((match) => match[1]!);
    expect(used.filter((name) => !variables.has(name))).toEqual([]);
  });

  it('places each panel on the grid of 24 columns, none over another', () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, taken.has(`${x} ${y}`)]).toEqual([title, false]);
          taken.add(`${x} ${y}`);
        }
      }
    }
    expect(new Set(dashboard.panels.map((panel) => panel.id)).size).toBe(dashboard.panels.length);
  });
});
