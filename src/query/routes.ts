import { ENDPOINTS, type Endpoint, UNREAD } from './endpoints.js';
import { decodeComponent } from './url.js';

export interface Route {
  readonly endpoint: Endpoint;
  /** The index expression of the path, decoded; `undefined` where the path names none. */
  readonly index: string | undefined;
}

interface Step {
  readonly literals: Map<string, Step>;
  parameter: Step | undefined;
  readonly endpoints: Map<string, Found>;
}

interface Found {
  /** `undefined`: known, and not looked at. */
  readonly endpoint: Endpoint | undefined;
  /** Which segment of the path is the index, or -1. */
  readonly indexAt: number;
  /** Whether the last segment of the path is a word. */
  readonly endsInWord: boolean;
}

const ROOT = step();
for (const endpoint of ENDPOINTS) add(endpoint.methods, endpoint.path, endpoint);
for (const { methods, path } of UNREAD) add(methods, path, undefined);

/**
 * The endpoint that a request is for; `undefined` for one that carries no query. As Elasticsearch's own router: a literal
 * segment goes before a parameter, and trailing slashes don't count. Under an index the last segment comes first
 * (`/{index}/{type}/_search` before `/{index}/_doc/{id}`, for a type may be called `_doc`).
 *
 * @param target raw path and query string
 */
export function routeOf(method: string, target: string): Route | undefined {
  // Each request is asked about twice, and the next one is often for the same.
  if (latest?.target !== target || latest.method !== method) latest = { method, target, route: find(method, target) };
  return latest.route;
}

let latest: { readonly method: string; readonly target: string; readonly route: Route | undefined } | undefined;

function find(method: string, target: string): Route | undefined {
  const segments = segmentsOf(target);
  const found = follow(ROOT, segments, 0, method);
  if (found?.endpoint === undefined) return undefined;
  const { endpoint, indexAt } = found;
  // With types any three segments look like a document; what begins with an underscore is no index.
  if (endpoint.documents !== undefined && indexAt >= 0 && segments[indexAt]!.startsWith('_')) return undefined;
  return { endpoint, index: indexAt < 0 || endpoint.anyIndex ? undefined : segments[indexAt] };
}

function segmentsOf(target: string): string[] {
  const stop = target.search(/[?#]/);
  const path = stop < 0 ? target : target.slice(0, stop);
  const segments = path.split('/');
  if (segments[0] === '') segments.shift();
  while (segments.length > 0 && segments[segments.length - 1] === '') segments.pop();
  // Until 8.0, and under `compatible-with=7`, `/_xpack/sql` is `/_sql`.
  if (segments[0] === '_xpack' && segments.length > 1) segments.splice(0, 2, `_${segments[1]}`);
  // In a path `+` is itself.
  return path.includes('%') ? segments.map((raw) => decodeComponent(raw.replaceAll('+', '%2B')) ?? raw) : segments;
}

function follow(at: Step, segments: readonly string[], depth: number, method: string): Found | undefined {
  const segment = segments[depth];
  if (segment === undefined) return at.endpoints.get(method);
  const literal = at.literals.get(segment);
  const found = literal && follow(literal, segments, depth + 1, method);
  if (found !== undefined && (depth === 0 || found.endsInWord)) return found;
  const other = at.parameter && follow(at.parameter, segments, depth + 1, method);
  return other?.endsInWord ? other : (found ?? other);
}

function add(methods: readonly string[], path: string, endpoint: Endpoint | undefined): void {
  const segments = path.slice(1).split('/');
  let at = ROOT;
  for (const segment of segments) {
    if (segment.startsWith('{')) {
      at.parameter ??= step();
      at = at.parameter;
    } else {
      const next = at.literals.get(segment) ?? step();
      at.literals.set(segment, next);
      at = next;
    }
  }
  const indexAt = segments.indexOf('{index}');
  const endsInWord = !segments[segments.length - 1]!.startsWith('{');
  for (const method of methods) at.endpoints.set(method, { endpoint, indexAt, endsInWord });
}

function step(): Step {
  return { literals: new Map(), parameter: undefined, endpoints: new Map() };
}
