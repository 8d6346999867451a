import type { Emergency } from '../../stats/emergencies/emergency.js';

/** The JSON of the emergency routes. */
export type { EmergencyFile, Step as EmergencyStep } from '../../stats/emergencies/emergency.js';
export type { EmergencyPolicy } from '../../stats/emergencies/policy.js';

export interface Emergencies {
  readonly open?: Emergency;
  readonly emergencies: readonly Emergency[];
}
