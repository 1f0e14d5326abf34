/** What a page must load: `overworld/client` with the chat's app, minified, and compressed as a server would send it. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Benchmark } from './benchmark.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const PAGE = `
  import { createClient } from './transports/client.ts'
  import { chat } from './scenarios/apps/chat.ts'
  createClient({ address: 'wss://example/ws' }).app(chat)
`

export const clientBundle: Benchmark = {
  name: 'client-bundle',
  about: 'the size of the client and one app in a page',
  async run() {
    const whole = await bundle(PAGE)
    const runtime = await bundle(`import protobuf from 'protobufjs/minimal.js'; globalThis.it = protobuf`)
    const ratio = { value: whole.length / runtime.length, to: "protobufjs's runtime, which is in it" }
    return [
      { what: 'minified', value: whole.length, unit: 'bytes', ratio },
      { what: 'gzip', value: gzipSync(whole, { level: 9 }).length, unit: 'bytes' },
      { what: 'brotli', value: brotliCompressSync(whole).length, unit: 'bytes' },
    ]
  },
}

async function bundle(contents: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: path.join(root), loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'warning',
  })
  return outputFiles[0]?.contents ?? new Uint8Array(0)
}
