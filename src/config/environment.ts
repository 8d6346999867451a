import type { ConfigFault } from './error.js';

/** Environment variables that set a key. `file`: the variable with `_FILE` behind it names a file that holds the value. */
export const VARIABLES: readonly { name: string; path: readonly string[]; number?: true; file?: true }[] = [
  { name: 'ELASTICSEARCH_URL', path: ['elasticsearchUrl'], file: true },
  { name: 'HOST', path: ['host'] },
  { name: 'PORT', path: ['port'], number: true },
  { name: 'TERRITORY_TREE', path: ['territoryTree'] },
  { name: 'DATABASE_URL', path: ['databaseUrl'], file: true },
  { name: 'NATS_URL', path: ['natsUrl'], file: true },
  { name: 'LOG_LEVEL', path: ['logLevel'] },
  { name: 'WORKERS', path: ['workers'], number: true },
  { name: 'ADMIN_TOKEN', path: ['admin', 'token'], file: true },
  { name: 'EMERGENCY_WEBHOOK', path: ['emergency', 'webhook'], file: true },
];

export interface EnvironmentValues {
  /** Value by key path joined with dots. */
  values: Map<string, { path: readonly string[]; value: unknown; variable: string }>;
  faults: ConfigFault[];
}

/**
 * Reads what the environment sets. A variable that is empty counts as not set, as a compose file leaves it.
 * @param readFile gives the text of a file, or throws
 */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (file: string) => string,
): EnvironmentValues {
  const values: EnvironmentValues['values'] = new Map();
  const faults: ConfigFault[] = [];
  for (const { name, path, number, file } of VARIABLES) {
    let variable = name;
    let text = environment[name];
    const fileName = file ? environment[`${name}_FILE`] : undefined;
    if (fileName) {
      variable = `${name}_FILE`;
      if (text) faults.push({ path: variable, message: `is set beside ${name}`, hint: 'set one of the two' });
      try {
        text = readFile(fileName).replace(/\r?\n$/, '');
        if (text === '') faults.push({ path: variable, message: `names an empty file: ${fileName}` });
      } catch (cause) {
        faults.push({ path: variable, message: `names a file that can't be read: ${(cause as Error).message}` });
      }
    }
    if (!text) continue;
    const value = number && /^\d+$/.test(text) ? Number(text) : text;
    values.set(path.join('.'), { path, value, variable });
  }
  return { values, faults };
}
