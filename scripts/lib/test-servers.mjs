/** The servers of the integration tests, by the variable of the environment that names the address of each. */
export const TEST_SERVERS = {
  TEST_ELASTICSEARCH_URL: { version: '8.19' },
  TEST_ELASTICSEARCH_7_URL: { version: '7.17', heap: '256m' },
};
