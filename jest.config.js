/** How are the tests run? Jest 30, TypeScript through swc as ES modules; start it with `npm test`. */

/** @type {import('jest').Config} */
export default {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // The service's own copies under dist/ would collide with their sources in Jest's file map.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
  // Files that start real servers need room on a shared machine; acceptance files raise it with jest.setTimeout.
  testTimeout: 60_000,
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/long-first.js',
  collectCoverage: false,
  collectCoverageFrom: ['src/**/*.ts', '!src/web/**'],
};
