/**
 * Makes one script of the page, the client and the chat's app. A project of your own would leave this to its
 * bundler; what is special here is that `overworld` means the sources of this checkout.
 */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.js', import.meta.url))],
    // The paths in it send `overworld/client` to the sources.
    tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'warning',
  })
  return outputFiles[0]?.text ?? ''
}
