/**
 * Private instances of CommonJS libraries: each call of `loadLibrary` evaluates a library's files anew, with the
 * timers, `Date`, `process` or modules that it is given instead of the global ones. Nothing global is patched, module
 * state is not shared between instances (`ws` keeps a pool of random bytes there), and what a library would do to the
 * process (`enet` adds an `uncaughtException` listener) it does to a stand-in.
 *
 * Leaves out ES modules, which `vm` can only load asynchronously. Node's own modules are shared unless replaced.
 */
import { readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname } from 'node:path'
import { compileFunction } from 'node:vm'
import { OverworldError } from '../core/errors.ts'

/** What an instance sees instead of the real thing. */
export interface LibraryWorld {
  /** Free variables by name: `setTimeout`, `Date`, `process`, `console` … */
  readonly globals: Readonly<Record<string, unknown>>
  /** What `require(name)` gives, by name without `node:`. */
  readonly modules: Readonly<Record<string, unknown>>
}

const WRAPPER = ['exports', 'require', 'module', '__filename', '__dirname']
const requireHere = createRequire(import.meta.url)
/** Evaluating a compiled function again makes another instance; compiling it again would cost most of the time. */
const compiled = new Map<string, (...args: unknown[]) => void>()
const resolved = new Map<string, string>()

/**
 * Evaluates `specifier` (a package, or a file in one) and whatever it requires, privately.
 * Throws `OverworldError` `library_missing` where it is not installed; throws what evaluating it throws.
 */
export function loadLibrary(specifier: string, world: LibraryWorld): unknown {
  return new LibraryInstance(world).load(resolveLibrary(specifier))
}

function resolveLibrary(specifier: string): string {
  try {
    return requireHere.resolve(specifier)
  } catch {
    const name = specifier.split('/', 1)[0] ?? specifier
    throw new OverworldError('library_missing', `the package "${name}" is not installed; run: npm install ${name}`)
  }
}

class LibraryInstance {
  readonly #world: LibraryWorld
  readonly #names: readonly string[]
  readonly #modules = new Map<string, { exports: unknown }>()

  constructor(world: LibraryWorld) {
    this.#world = world
    this.#names = Object.keys(world.globals)
  }

  load(file: string): unknown {
    const loaded = this.#modules.get(file)
    if (loaded !== undefined) return loaded.exports
    if (file.endsWith('.node')) return requireHere(file)
    // Known before it is evaluated, so that files which require each other see what is there already.
    const module = { exports: {} as unknown }
    this.#modules.set(file, module)
    if (file.endsWith('.json')) module.exports = JSON.parse(readFileSync(file, 'utf8'))
    else this.#evaluate(file, module)
    return module.exports
  }

  #evaluate(file: string, module: { exports: unknown }): void {
    const run = compiledWith(file, [...WRAPPER, ...this.#names])
    const globals = this.#names.map((name) => this.#world.globals[name])
    Reflect.apply(run, module.exports, [
      module.exports,
      this.#requireFrom(file),
      module,
      file,
      dirname(file),
      ...globals,
    ])
  }

  #requireFrom(file: string): (specifier: string) => unknown {
    let requireThere: NodeJS.Require | undefined
    const resolve = (specifier: string): string => {
      const key = `${file}\0${specifier}`
      let found = resolved.get(key)
      if (found === undefined) {
        found = (requireThere ??= createRequire(file)).resolve(specifier)
        resolved.set(key, found)
      }
      return found
    }
    return (specifier) => {
      const name = specifier.replace(/^node:/, '')
      if (Object.hasOwn(this.#world.modules, name)) return this.#world.modules[name]
      return isBuiltin(specifier) ? (requireHere(specifier) as unknown) : this.load(resolve(specifier))
    }
  }
}

function compiledWith(file: string, names: readonly string[]): (...args: unknown[]) => void {
  const key = `${file}\0${names.join()}`
  let run = compiled.get(key)
  if (run === undefined) {
    run = compileFunction(sourceOf(file), names, { filename: file }) as (...args: unknown[]) => void
    compiled.set(key, run)
  }
  return run
}

function sourceOf(file: string): string {
  // V8 would try to compile old asm.js ahead of time, fail, say so on standard error, and run it as JavaScript after all.
  return readFileSync(file, 'utf8').replaceAll(/(["'])use asm\1/g, '$1not asm$1')
}
