import { Agent, request } from 'undici';
import type { ConfigFault } from '../config/error.js';
import { checkFieldMappings, type FieldMappings, fieldsOf } from '../config/mapping-check.js';
import { toProxyOptions } from '../config/options.js';
import type { Config } from '../config/schema.js';
import { ownAuthorization } from '../proxy/credentials.js';
import type { ProxyOptions } from '../proxy/options.js';

const TIMEOUT_MS = 5_000;

export interface MappingReport {
  /** Fields that would match nothing. */
  readonly faults: readonly ConfigFault[];
  /** What could not be looked up, and why. */
  readonly notes: readonly string[];
}

/** Looks up the configured fields in Elasticsearch, where it answers and the proxy's own credentials may. */
export async function lookUpMappings(config: Config): Promise<MappingReport> {
  if (config.indices.length === 0)
    return { faults: [], notes: ['no indices are configured, so no request is rewritten'] };
  const options = toProxyOptions(config);
  const agent = new Agent({ connect: { ...options.upstream.tls, timeout: TIMEOUT_MS } });
  const faults: ConfigFault[] = [];
  const notes: string[] = [];
  try {
    for (const [pattern, fields] of config.indices) {
      const path = `/${encodeURIComponent(pattern)}/_mapping/field/${fieldsOf(fields).map(encodeURIComponent).join(',')}`;
      const answer = await ask(options, agent, `${path}?ignore_unavailable=true&allow_no_indices=true`);
      if (answer.kind === 'unreachable') return { faults, notes: [...notes, answer.reason] };
      if (answer.kind === 'refused') notes.push(`the fields of ${pattern} could not be looked up: ${answer.reason}`);
      else if (Object.keys(answer.mappings).length === 0) notes.push(`no index matches ${pattern} yet`);
      else faults.push(...faultsOf(pattern, checkFieldMappings(fields, answer.mappings)));
    }
  } finally {
    await agent.destroy();
  }
  return { faults, notes };
}

type Answer =
  | { kind: 'mappings'; mappings: FieldMappings }
  | { kind: 'refused'; reason: string }
  | { kind: 'unreachable'; reason: string };

/** Asks the nodes in their order until one answers. */
async function ask({ nodes, upstream }: ProxyOptions, dispatcher: Agent, path: string): Promise<Answer> {
  const authorization = ownAuthorization(upstream.auth, nodes);
  const reasons: string[] = [];
  for (const { origin } of nodes) {
    try {
      const { statusCode, body } = await request(`${origin}${path}`, {
        dispatcher,
        headers: { accept: 'application/json', ...(authorization === undefined ? {} : { authorization }) },
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
      });
      const text = await body.text();
      if (statusCode === 404) return { kind: 'mappings', mappings: {} };
      if (statusCode !== 200) return { kind: 'refused', reason: `Elasticsearch answered ${statusCode}` };
      const mappings: unknown = JSON.parse(text);
      if (!isMappings(mappings)) return { kind: 'refused', reason: `${origin} answers what is no mapping` };
      return { kind: 'mappings', mappings };
    } catch (error) {
      reasons.push(`${origin}: ${(error as Error).message || (error as NodeJS.ErrnoException).code}`);
    }
  }
  return { kind: 'unreachable', reason: `Elasticsearch can't be reached to look up the fields: ${reasons.join('; ')}` };
}

/** Whatever listens there may answer anything. */
function isMappings(value: unknown): value is FieldMappings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((index) => typeof index?.mappings === 'object' && index.mappings !== null);
}

function faultsOf(pattern: string, faults: ReturnType<typeof checkFieldMappings>): ConfigFault[] {
  return faults.map(({ index, field, key, message, hint }) => ({
    path: `indices[${JSON.stringify(pattern)}].${key}`,
    message: `the field ${field} of the index ${index} ${message}`,
    hint,
  }));
}
