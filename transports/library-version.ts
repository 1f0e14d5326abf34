/** The version of this library, for recordings and reports. */
import { createRequire } from 'node:module'

/** Empty where its package cannot be found, such as in a bundle. */
export function libraryVersion(): string {
  try {
    return (createRequire(import.meta.url)('overworld/package.json') as { readonly version: string }).version
  } catch {
    return ''
  }
}
