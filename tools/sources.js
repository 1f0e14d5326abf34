// @ts-check
/**
 * Runs the TypeScript sources of a checkout as they now stand: one esbuild call bundles the asked-for entries together
 * with all public entry points, code shared between them lands in shared chunks. A user's own module that imports
 * `overworld` or `overworld/sim` is sent to the same bundle, so that it meets the very instances that the command uses.
 *
 * Left out on purpose: type checking (that is `npm run check`) and every cache, which could go stale. Plain JavaScript,
 * because it runs before any TypeScript can. Not part of the published package, which has a build.
 */
import { existsSync as exists, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { register } from 'node:module'
import { randomBytes } from 'node:crypto'
import { fileURLToPath, pathToFileURL } from 'node:url'
import path from 'node:path'
import process from 'node:process'
import { build, stop } from 'esbuild'
import { entryPoints } from './entry-points.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = path.join(root, 'node_modules', '.cache', 'overworld')

/**
 * Imports a TypeScript file of this checkout.
 *
 * @param {string} file path of the module
 * @returns {Promise<Record<string, unknown>>} its exports
 */
export async function importSource(file) {
  sweepCache()
  const folder = path.join(cache, `${process.pid}-${randomBytes(4).toString('hex')}`)
  mkdirSync(folder, { recursive: true })
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

  // The names of the outputs; `entry` cannot collide with a specifier.
  const present = Object.entries(entryPoints).filter(([, source]) => exists(path.join(root, source)))
  const names = new Map(present.map(([specifier]) => [specifier, specifier.replace('/', '-')]))
  await build({
    entryPoints: {
      entry: path.resolve(file),
      ...Object.fromEntries(present.map(([specifier, source]) => [names.get(specifier), path.join(root, source)])),
    },
    absWorkingDir: root,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [publicEntryPoints, originalUrls],
  })
  await stop()

  process.setSourceMapsEnabled(true)
  /** @type {Record<string, string>} */
  const urls = {}
  for (const [specifier, name] of names) urls[specifier] = pathToFileURL(path.join(folder, `${name}.mjs`)).href
  register('./resolve-hook.js', { parentURL: import.meta.url, data: urls })
  // Threads register it for themselves (bin/campaign-worker.js).
  process.env['OVERWORLD_MODULES'] = JSON.stringify(urls)
  return import(pathToFileURL(path.join(folder, 'entry.mjs')).href)
}

/** Sends `overworld/…` inside the bundle (examples import it like everyone) to its source. */
const publicEntryPoints = {
  name: 'public-entry-points',
  /** @param {import('esbuild').PluginBuild} esbuild */
  setup(esbuild) {
    esbuild.onResolve({ filter: /^overworld(\/|$)/ }, ({ path: specifier }) => {
      const source = entryPoints[specifier]
      return source === undefined ? undefined : { path: path.join(root, source) }
    })
  },
}

/** `import.meta.url` goes on to name the source file, so that paths relative to it hold. */
const originalUrls = {
  name: 'original-urls',
  /** @param {import('esbuild').PluginBuild} esbuild */
  setup(esbuild) {
    esbuild.onLoad({ filter: /\.[jt]s$/ }, ({ path: file }) => {
      const text = readFileSync(file, 'utf8')
      if (!text.includes('import.meta.url')) return undefined
      const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
      return { contents, loader: file.endsWith('.ts') ? 'ts' : 'js' }
    })
  },
}

/** Removes what processes left behind that were killed before they could. */
function sweepCache() {
  for (const name of exists(cache) ? readdirSync(cache) : []) {
    const pid = Number.parseInt(name, 10)
    if (pid > 0 && !isRunning(pid)) rmSync(path.join(cache, name), { recursive: true, force: true })
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
