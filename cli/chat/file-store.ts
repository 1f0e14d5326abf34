/** Keeps a client's session in a file, so that a program that was killed takes it up again. Readable by its owner alone. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { TokenStore } from '../../core/index.ts'
import { storageStore } from '../../transports/client.ts'

/** Throws what writing to `file` throws, now rather than later. */
export function fileStore(file: string): TokenStore {
  if (!existsSync(file)) writeFileSync(file, '', { mode: 0o600 })
  // A file that was there before may be open to everybody; the token in it is a secret.
  chmodSync(file, 0o600)
  return storageStore({
    getItem: () => readFileSync(file, 'utf8') || null,
    setItem: (_key, value) => writeFileSync(file, value, { mode: 0o600 }),
  })
}
