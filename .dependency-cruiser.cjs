/**
 * Which module may import which? The walls of the house. Every rule has a planted violation in
 * test/boundaries/boundaries.test.ts, because a rule whose pattern no longer matches looks like a clean house.
 */

/** Files that nobody imports because they are what is started. */
const ENTRIES = '^src/(main|heqing|simulate)\\.ts$|^src/web/(main|vite\\.config)\\.ts$';

/** Folders of src/web/ that every page may use; each other folder is the room of one page, or of a list and its pages. */
const SHARED = '(?:api|components|words)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'domain/ knows nothing but domain/, and big.js for exact arithmetic: no framework, no I/O, not even node:',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: ['^src/domain/', 'node_modules/(@types/)?big\\.js/'] },
    },
    {
      name: 'pipeline-knows-domain',
      comment: 'pipeline/ knows domain/ and its own ports: the world stays behind them',
      severity: 'error',
      from: { path: '^src/pipeline/' },
      to: { pathNot: '^src/(domain|pipeline)/' },
    },
    {
      name: 'adapters-are-strangers',
      comment: 'an adapter knows its own folder, never another adapter; app.module.ts brings them together',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
    },
    {
      name: 'adapters-look-inward',
      comment: 'adapters/ knows domain/ and pipeline/, never what wires or surrounds it',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^src/', pathNot: '^src/(domain|pipeline|adapters|web|simulator)/' },
    },
    {
      name: 'nest-stays-outside',
      comment: 'NestJS lives in main.ts, app.module.ts and adapters/',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts$|app\\.module\\.ts$|adapters/|domain/|pipeline/|web/|simulator/)' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'web-sees-the-contract-only',
      comment: 'the browser sees its own code, vue, echarts and the HTTP contract',
      severity: 'error',
      from: { path: '^src/web/', pathNot: '^src/web/vite\\.config\\.ts$' },
      to: {
        pathNot: ['^src/web/', '^src/adapters/http/contract/', 'node_modules/(@vue|vue|vue-router|echarts|uqr)/'],
      },
    },
    {
      name: 'web-takes-types-only',
      comment: 'the HTTP contract gives the browser types, no code',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/adapters/http/contract/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'rooms-are-strangers',
      comment: 'a folder of pages knows itself and what all pages share, never another one',
      severity: 'error',
      from: { path: `^src/web/(?!${SHARED})([^/]+)/` },
      to: { path: `^src/web/(?!${SHARED})[^/]+/`, pathNot: '^src/web/$1/' },
    },
    {
      name: 'shared-knows-no-room',
      comment: 'what all pages share knows none of them; only the table of routes names the pages',
      severity: 'error',
      from: { path: `^src/web/(${SHARED}|[^/]+$)`, pathNot: '^src/web/routes\\.ts$' },
      to: { path: `^src/web/(?!${SHARED})[^/]+/` },
    },
    {
      name: 'service-does-without-web',
      comment: 'the pages are bundled apart; the service serves files and imports none',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(domain|pipeline|web|simulator)/' },
      to: { path: '^src/web/' },
    },
    {
      name: 'simulator-stands-outside',
      comment: 'the simulator is a device: it knows the words, the config and MQTT, nothing of the service',
      severity: 'error',
      from: { path: '^src/(simulator/|simulate\\.ts$)' },
      to: { path: '^src/', pathNot: '^src/(domain|simulator|adapters/config)/' },
    },
    {
      name: 'service-does-without-simulator',
      comment: 'nothing but its own entry imports the simulator',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(domain/|pipeline/|web/|simulator/|simulate\\.ts$)' },
      to: { path: '^src/simulator/' },
    },
    {
      name: 'no-cycles',
      comment: 'a cycle has no inside and no outside',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'every module is reached from something that is started; what only a test reaches is dead',
      severity: 'error',
      from: { path: ENTRIES },
      to: { path: '^src/', pathNot: ['\\.d\\.ts$', ENTRIES], reachable: false },
    },
    {
      name: 'no-development-packages',
      comment: 'the service runs from a production installation; pages are bundled and the simulator is a tool',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(web/|simulator/|simulate\\.ts$)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'a package that only came along with another one may leave with it; its types may be named',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'everything-resolves',
      comment: 'an import that leads nowhere escapes every other rule',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'tests know the service, never the other way round',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(domain|pipeline|web)/' },
      to: { path: '^(test|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    // Type-only imports are walls, too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
    skipAnalysisNotInRules: true,
  },
};
