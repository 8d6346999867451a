import { counted } from '../territory/counted.js';
import { TerritoryError } from '../territory/errors.js';

/** One thing that is wrong in the configuration. */
export interface ConfigFault {
  /** Where: `limits.depth`, `indices["articles*"].units`, or the name of an environment variable. */
  readonly path: string;
  readonly message: string;
  /** What to do, where there is something to say. */
  readonly hint?: string | undefined;
}

/** Everything that is wrong in the configuration, at once. */
export class ConfigError extends TerritoryError {
  readonly type = 'territory_config_exception';
  readonly status = 500;

  constructor(readonly faults: readonly ConfigFault[]) {
    const lines = faults.map(
      ({ path, message, hint }) => `  ${path}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
    );
    super(`${counted(faults.length, 'fault')} in the configuration:\n${lines.join('\n')}`);
  }

  override details() {
    return { faults: this.faults };
  }
}
