import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import type { EmergencyPolicy } from '../stats/emergencies/policy.js';
import { ConfigError, type ConfigFault } from './error.js';
import { toFaults } from './faults.js';
import { keys, listOf, shown, text, yesOrNo } from './fields.js';

/** The policy that the package brings. */
const OWN_POLICY = fileURLToPath(new URL('../../config/emergency.yaml', import.meta.url));

const sentence = keys({ en: text('a text'), fr: text('a text') });
const id = text('a short name').regex(/^[a-z][a-z0-9-]*$/, {
  error: (issue) => `must be lower-case letters, digits and -, beginning with a letter, not ${shown(issue.input)}`,
});

/** No two entries of a list with one id: it is by their ids that they are found. */
function distinct<T extends { id: string }>(entries: readonly T[], context: z.core.$RefinementCtx<readonly T[]>): void {
  for (const [i, { id: name }] of entries.entries()) {
    if (entries.findIndex((entry) => entry.id === name) === i) continue;
    context.addIssue({ code: 'custom', path: [i, 'id'], message: `is ${shown(name)}, as an entry above` });
  }
}

const schema = keys({
  about: sentence,
  severities: listOf(keys({ id, title: sentence, criteria: listOf(sentence, 'criteria') }), 'severities').superRefine(
    distinct,
  ),
  steps: listOf(keys({ id, title: sentence, question: sentence, required: yesOrNo() }), 'steps').superRefine(distinct),
});

/**
 * Reads what counts as an emergency, and its steps.
 * @param file YAML; the package's own where it is null
 * @throws ConfigError with every fault
 */
export function readEmergencyPolicy(file: string | null): EmergencyPolicy {
  const name = file ?? OWN_POLICY;
  const document = parsed(name);
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.flatMap((issue) => toFaults(issue, schema, name, document)));
}

/** What is wrong with a policy, to stand beside the other faults of the configuration. */
export function policyFaults(file: string | null): readonly ConfigFault[] {
  try {
    readEmergencyPolicy(file);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

function parsed(file: string): unknown {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError([{ path: 'emergency.policy', message: `can't be read: ${(cause as Error).message}` }]);
  }
  const document = parseDocument(source, { prettyErrors: true });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length === 0) return document.toJS();
  throw new ConfigError(problems.map(({ message }) => ({ path: file, message: message.split('\n')[0] ?? '' })));
}
