// @ts-check
/** A thread of `overworld fuzz --jobs`: makes the runs that it is given, with the apps that it loads for itself. */
import { register } from 'node:module'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

// In a checkout `overworld/…` is the bundle of the sources as they now stand, here as in the main thread.
const modules = process.env['OVERWORLD_MODULES']
if (modules !== undefined) {
  register('../tools/resolve-hook.js', { parentURL: import.meta.url, data: JSON.parse(modules) })
}
const { appsOfGame, appsOfProgram, isGame, makeRuns, referenceApps } = await import('overworld/scenarios')

// It would end this thread without a word, and the campaign would wait for it for ever.
process.exit = (code) => {
  throw new Error(`process.exit(${code ?? ''}) was called in a run`)
}

/** @typedef {import('overworld/scenarios').SimulatedApp} SimulatedApp */

/** @type {Map<string | undefined, readonly SimulatedApp[]>} */
const loaded = new Map()

/**
 * @param {{ readonly batch: import('overworld/scenarios').Batch, readonly appFile: string | undefined }} task
 *   `appFile`: an absolute path; the command has checked what it exports.
 */
export default async function work({ batch, appFile }) {
  const apps = loaded.get(appFile) ?? (await loadApps(appFile, batch.around?.server.tickMs))
  loaded.set(appFile, apps)
  return makeRuns(batch, apps)
}

/**
 * @param {string | undefined} appFile
 * @param {number | undefined} tickMs Of the arena: a campaign is about one.
 * @returns {Promise<readonly SimulatedApp[]>}
 */
async function loadApps(appFile, tickMs = 100) {
  if (appFile === undefined) return referenceApps(tickMs)
  const exported = (await import(pathToFileURL(appFile).href)).default
  if (isGame(exported)) return appsOfGame(exported)
  if (typeof exported.boot !== 'function') return [exported.apps ?? exported].flat()
  return appsOfProgram(/** @type {import('overworld').ServerProgram} */ (exported))
}
