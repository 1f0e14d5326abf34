// @ts-check
/**
 * A module resolution hook: the public specifiers of this package, whoever imports them, mean the bundle that
 * `sources.js` has just made. Runs on Node's hooks thread; `initialize` receives the map of specifier to URL.
 */

/** @type {Record<string, string>} */
let urls = {}

/** @param {Record<string, string>} data */
export function initialize(data) {
  urls = data
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  const url = urls[specifier]
  return url === undefined ? nextResolve(specifier, context) : { url, format: 'module', shortCircuit: true }
}
