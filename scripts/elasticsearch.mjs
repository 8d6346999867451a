// Starts an Elasticsearch for work on the code, prints its address and stays up until Ctrl-C:
//   node scripts/elasticsearch.mjs [PORT]
//   TEST_ELASTICSEARCH_URL=http://127.0.0.1:PORT node scripts/jest.mjs integration
import { startElasticsearch } from './lib/elasticsearch.mjs';

const port = Number(process.argv[2] ?? 0);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`"${process.argv[2]}" is no port: node scripts/elasticsearch.mjs [PORT]`);
  process.exit(2);
}
try {
  const { url, stop } = await startElasticsearch({ port });
  console.log(url);
  // The process lives as long as its child; a signal ends both.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop().then(() => process.exit(0)));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
