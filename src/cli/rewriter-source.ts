import { toSniffedAddress } from '../config/options.js';
import type { Config } from '../config/schema.js';
import type { RewriterSource } from '../proxy/rewriters.js';
import { SniffedRewriters } from '../proxy/sniffing.js';

/** Where the data path gets its rewriters from: with an answer to sniffing clients, where the configuration wants one. */
export function rewriterSource(config: Config, rewriters: RewriterSource): RewriterSource {
  const address = toSniffedAddress(config);
  return address === undefined ? rewriters : new SniffedRewriters(rewriters, address);
}
