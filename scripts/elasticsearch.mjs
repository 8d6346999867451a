// Starts an Elasticsearch for work on the code, prints its address and stays up until Ctrl-C:
//   node scripts/elasticsearch.mjs [PORT] [--version 7.17]
//   TEST_ELASTICSEARCH_URL=http://127.0.0.1:PORT TEST_ELASTICSEARCH_7_URL=http://127.0.0.1:PORT node scripts/jest.mjs integration
import { parseArgs } from 'node:util';
import { startElasticsearch } from './lib/elasticsearch.mjs';
import { DEFAULT_VERSION, versionNamed } from './lib/elasticsearch-versions.mjs';

const USAGE = 'node scripts/elasticsearch.mjs [PORT] [--version 7.17]';

/** Port and version of the command line. */
function asked() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { version: { type: 'string', default: DEFAULT_VERSION } },
  });
  const [text = '0', ...more] = positionals;
  const port = Number(text);
  if (more.length > 0 || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`"${positionals.join(' ')}" is no port.`);
  }
  versionNamed(values.version);
  return { port, version: values.version };
}

let options;
try {
  options = asked();
} catch (error) {
  console.error(`${error.message} Usage: ${USAGE}`);
  process.exit(2);
}
try {
  const { url, stop } = await startElasticsearch(options);
  console.log(url);
  // The process lives as long as its child; a signal ends both.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop().then(() => process.exit(0)));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
