// @ts-check
/**
 * The public entry points of the package: specifier to source file. `package.json` has the same list as `exports`
 * and `tsconfig.json` as `paths`; a test in test/repository/ keeps the three equal.
 *
 * Plain JavaScript, because `bin/overworld.js` and `tools/run.js` read it before any TypeScript can run.
 */

/** @type {Readonly<Record<string, string>>} */
export const entryPoints = Object.freeze({
  overworld: './index.ts',
  'overworld/transports': './transports/index.ts',
  'overworld/client': './transports/client.ts',
  'overworld/sim': './scenarios/sim.ts',
  'overworld/scenarios': './scenarios/index.ts',
  'overworld/vitest': './scenarios/vitest.ts',
})
