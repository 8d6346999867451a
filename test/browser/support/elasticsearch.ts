import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that answers every search with seven hits and every look at mappings with none. */
export async function startElasticsearch(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => {
      const answer = request.url?.includes('/_mapping/')
        ? {}
        : { took: 3, timed_out: false, hits: { total: { value: 7, relation: 'eq' }, hits: [] } };
      response.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
