import { accessSync, constants, readFileSync } from 'node:fs';
import type { z } from 'zod';
import { CHECKS } from './checks.js';
import { readDocument } from './document.js';
import { readEnvironment } from './environment.js';
import { ConfigError, type ConfigFault } from './error.js';
import { keyHint, toFaults } from './faults.js';
import { type Config, shape } from './schema.js';

export interface LoadOptions {
  /** YAML file; `TERRITORY_CONFIG` of the environment where absent; none where that is absent too. */
  file?: string | undefined;
  /** `process.env` where absent. */
  environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * The configuration: the environment over a YAML file over the defaults. Credentials in `elasticsearchUrl` are moved to
 * `upstream.auth`. Relative names of files are relative to the working directory.
 * @throws ConfigError with every fault
 */
export function loadConfig({ file, environment = process.env }: LoadOptions = {}): Config {
  const name = file ?? (environment.TERRITORY_CONFIG || undefined);
  const fromEnvironment = readEnvironment(environment, (path) => readFileSync(path, 'utf8'));
  const faults = [...fromEnvironment.faults];
  const raw: Record<string, unknown> = Object.create(null);
  if (name !== undefined) {
    const document = readFile(name);
    faults.push(...document.faults);
    Object.assign(raw, document.values);
  }
  for (const { path, value } of fromEnvironment.values.values()) assign(raw, path, value);

  const known = Object.keys(shape);
  for (const key of Object.keys(raw)) {
    if (!known.includes(key)) faults.push({ path: key, message: 'is not known', hint: keyHint(key, known) });
  }
  const config: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries<z.ZodType>(shape)) {
    const result = schema.safeParse(raw[key]);
    if (result.success) config[key] = result.data;
    else {
      for (const issue of result.error.issues) {
        faults.push(...toFaults(issue, schema, key, raw[key]).map((fault) => named(fault, fromEnvironment.values)));
      }
    }
  }
  for (const check of CHECKS) faults.push(...check(config, unreadable));
  if (faults.length > 0) throw new ConfigError(faults);
  return withCredentials(config as Config);
}

function readFile(name: string): ReturnType<typeof readDocument> {
  try {
    return readDocument(readFileSync(name, 'utf8'), name);
  } catch (cause) {
    return { values: {}, faults: [{ path: name, message: `can't be read: ${(cause as Error).message}` }] };
  }
}

/** Sets a value at a path of keys, on the way replacing nothing but what is no object: that is a fault of its own. */
function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const member = target[key] ?? Object.create(null);
  if (typeof member !== 'object' || Array.isArray(member)) return;
  target[key] = member;
  assign(member as Record<string, unknown>, rest, value);
}

/** A fault in a value from the environment is named after the variable. */
function named(fault: ConfigFault, values: ReturnType<typeof readEnvironment>['values']): ConfigFault {
  for (const [key, { variable }] of values) {
    if (fault.path === key || fault.path.startsWith(`${key}[`)) return { ...fault, path: variable };
  }
  return fault;
}

function unreadable(file: string): string | undefined {
  try {
    accessSync(file, constants.R_OK);
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}

function withCredentials(config: Config): Config {
  const urls = config.elasticsearchUrl.map((url) => new URL(url));
  const first = urls.find((url) => url.username !== '');
  if (first === undefined) return config;
  const auth = { username: decodeURIComponent(first.username), password: decodeURIComponent(first.password) };
  return { ...config, elasticsearchUrl: urls.map((url) => url.origin), upstream: { ...config.upstream, auth } };
}
