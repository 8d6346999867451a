/**
 * Every folder of `test` that mirrors `src` is a unit test; the others are kinds of their own. Tests on the whole map of
 * France, year by year and against the slow model, are set apart (`map`), so that the inner loop stays in seconds.
 */
export const wholeMap = [
  '<rootDir>/test/cli/tree-build.test.ts',
  '<rootDir>/test/files/cog.test.ts',
  '<rootDir>/test/territory/france-facts.test.ts',
  '<rootDir>/test/territory/france.test.ts',
];

const common = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/support/seeded-properties.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, sourceMaps: 'inline' }],
  },
};

export default {
  coverageProvider: 'v8',
  // A busy machine is no failure; what hangs is.
  testTimeout: 180_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/test/scripts/**/*.test.mjs'],
      testPathIgnorePatterns: [
        ...['/node_modules/', '<rootDir>/test/integration/', '<rootDir>/test/browser/'],
        ...wholeMap,
      ],
    },
    {
      // The data path once more without its fast path: nothing may be different.
      ...common,
      displayName: 'unit without fast path',
      globals: { fastPath: false },
      testMatch: ['<rootDir>/test/proxy/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'map',
      testMatch: wholeMap,
    },
    {
      ...common,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
      globalSetup: '<rootDir>/test/integration/setup/start.mjs',
      setupFilesAfterEnv: ['<rootDir>/test/integration/setup/patience.ts'],
      globalTeardown: '<rootDir>/test/integration/setup/stop.mjs',
    },
    {
      ...common,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/browser/setup/time-limit.ts'],
      globalSetup: '<rootDir>/test/browser/setup/start.mjs',
    },
  ],
};
