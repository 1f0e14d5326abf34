/** `overworld/client` bundles for a browser, and what it bundles has no server in it. */
import vm from 'node:vm'
import { build, type BuildResult } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'

let bundle: BuildResult<{ write: false; metafile: true }>

beforeAll(async () => {
  bundle = await build({
    stdin: { contents: "export * from './transports/client.ts'", resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    // Fails where anything of Node is imported.
    platform: 'browser',
    format: 'iife',
    globalName: 'overworld',
    minify: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
})

test('no module of the server is in it', () => {
  const modules = Object.keys(bundle.metafile.inputs).filter((file) => !file.startsWith('<'))
  expect(modules).toContain('transports/client.ts')
  const foreign = /^(core\/(server|session|zone)\b|sim\/|scenarios\/|cli\/|node:)|node_modules\/(?!protobufjs\/|long\/)/
  expect(modules.filter((file) => foreign.test(file))).toEqual([])
  expect(text()).not.toMatch(/createServer|session_gone|handleTick/)
})

test('it stays small', () => {
  const bytes = text().length
  console.log(`overworld/client in a browser: ${(bytes / 1024).toFixed(1)} KiB minified`)
  expect(bytes).toBeLessThan(100 * 1024)
})

test('it loads where there is nothing of Node: no Buffer, no process, no require', () => {
  const page = vm.createContext({ TextEncoder, TextDecoder, URL, crypto, performance, setTimeout, clearTimeout })
  const names: unknown = vm.runInContext(`${text()}\nObject.keys(overworld)`, page)
  expect(names).not.toHaveLength(0)
})

test('it needs no eval: a strict content security policy allows it', () => {
  const page = vm.createContext({ TextEncoder, TextDecoder }, { codeGeneration: { strings: false, wasm: false } })
  expect(() => vm.runInContext(text(), page) as unknown).not.toThrow()
})

function text(): string {
  return bundle.outputFiles[0]?.text ?? ''
}
