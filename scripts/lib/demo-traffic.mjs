/** What people look for, the most common first; one code is unknown, and one place has no articles. */
const ASKED = [
  'DEP:69',
  'COM:69123',
  'EPCI:200046977',
  'DEP:75',
  'REG:84 - DEP:69',
  'COM:13055',
  'DEP:44',
  'REG:11',
  'COM:31555',
  'REG:53 | DEP:44',
  'COM:48027',
  'COM:234',
];
const EVERY_MS = 1_200;

/**
 * Sends a search now and then, so that the pages have something to show.
 * @param {string} url of the proxy
 * @param {string} index
 * @returns {() => Promise<void>} ends it
 */
export function startTraffic(url, index) {
  const send = async () => {
    // The first ones come most often.
    const territory = ASKED[Math.floor(Math.random() ** 2 * ASKED.length)];
    const query = { bool: { must: { match: { text: 'salaire' } }, filter: { territory } } };
    const response = await fetch(`${url}/${index}/_search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ size: 1, query }),
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
  };
  // A search that fails is on the page already.
  const timer = setInterval(() => void send().catch(() => undefined), EVERY_MS);
  return async () => clearInterval(timer);
}
