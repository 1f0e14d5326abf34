/**
 * Who may import whom (design section 3). What is banned by name inside `core`, `recording` and `sim` is in tools/bans.ts.
 */
const npm = '(^|/)node_modules/'
const protobufRuntime = '(^|/)node_modules/protobufjs/minimal(\\.js|\\.d\\.ts)?$'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'core-is-alone',
      comment: 'core imports nothing but itself and the runtime of the generated protobuf code',
      severity: 'error',
      from: { path: '^core/' },
      to: { pathNot: ['^core/', protobufRuntime] },
    },
    {
      name: 'recording-imports-core',
      comment: 'recordings, and their replay, import the core and the runtime of the generated protobuf code',
      severity: 'error',
      from: { path: '^recording/' },
      to: { pathNot: ['^recording/', '^core/', protobufRuntime] },
    },
    {
      name: 'entry-re-exports',
      comment:
        "the package's main entry re-exports core and recording; nothing in the repository's own folders imports it",
      severity: 'error',
      from: { path: '^index[.]ts$' },
      to: { pathNot: ['^core/index[.]ts$', '^recording/index[.]ts$'] },
    },
    {
      name: 'nothing-published-imports-entry',
      comment: 'published code imports core/index.ts and recording/index.ts',
      severity: 'error',
      from: { path: '^(core|recording|transports|sim|scenarios|cli)/' },
      to: { path: '^index[.]ts$' },
    },
    {
      name: 'transports-import-core',
      comment:
        'transports know the core, its recordings and the real world; never the simulator, which hands them its own sockets',
      severity: 'error',
      from: { path: '^transports/' },
      to: { pathNot: ['^transports/', '^core/', '^recording/', npm], dependencyTypesNot: ['core'] },
    },
    {
      name: 'sim-imports-core',
      comment:
        'the simulator knows the core, recordings, a random number generator and fake timers; scenarios/ puts worlds together',
      severity: 'error',
      from: { path: '^sim/' },
      to: {
        pathNot: ['^sim/', '^core/', '^recording/', '(^|/)node_modules/(pure-rand|@sinonjs/fake-timers)/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'sim-without-node',
      comment: 'sim/wire/ alone may use node:stream and node:events',
      severity: 'error',
      from: { path: '^sim/', pathNot: '^sim/wire/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sim-wire-streams-only',
      comment: 'sim/wire/ may use node:stream and node:events, nothing else of Node',
      severity: 'error',
      from: { path: '^sim/wire/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(stream|events)$' },
    },
    {
      name: 'scenarios-stay-below',
      comment: 'scenarios may import core, recording, transports and sim',
      severity: 'error',
      from: { path: '^scenarios/' },
      to: {
        pathNot: ['^scenarios/', '^core/', '^recording/', '^transports/', '^sim/', npm],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'nothing-imports-cli',
      comment: 'tools/ may: it generates our own code by what `overworld proto` runs',
      severity: 'error',
      from: { pathNot: '^(cli|test|tools)/' },
      to: { path: '^cli/' },
    },
    {
      name: 'nothing-imports-examples-test-bench',
      severity: 'error',
      from: { pathNot: '^(examples|test|bench)/' },
      to: { path: '^(examples|test|bench)/' },
    },
    {
      name: 'nothing-published-imports-tools',
      severity: 'error',
      from: { path: '^(core|recording|transports|sim|scenarios|cli)/' },
      to: { path: '^tools/' },
    },
    {
      name: 'published-without-dev-dependencies',
      severity: 'error',
      from: { path: '^(core|recording|transports|sim|scenarios|cli)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '/@types/' },
    },
    {
      name: 'no-cycles',
      comment: 'a cycle of values is a defect in waiting; types may refer to each other',
      severity: 'error',
      from: { pathNot: npm },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-without-cycles',
      comment: 'no part of the core needs, even for its types, a part that needs it',
      severity: 'error',
      from: { path: '^core/' },
      to: { circular: true },
    },
    {
      name: 'apps-stay-below',
      comment: 'an app is a schema and its messages; zones, sessions and connections are above it',
      severity: 'error',
      from: { path: '^core/app/' },
      to: { path: '^core/(session|zone|connection|turns|client)/' },
    },
    {
      name: 'sessions-know-no-zones',
      comment: 'a session sees its zone as an interface of its own (core/session/membership.ts)',
      severity: 'error',
      from: { path: '^core/(session|connection|turns)/' },
      to: { path: '^core/(zone|client)/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: npm },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
}
