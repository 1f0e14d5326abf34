/** Keeps a client's session in a file, so that a program that was killed takes it up again. Readable by its owner alone. */
import { chmodSync } from 'node:fs'
import type { TokenStore } from '../../core/index.ts'
import { storageStore } from '../../transports/client.ts'
import { readWhole, writeWhole } from '../kept-file.ts'
import { writeError } from '../system-errors.ts'

/** Throws a `CommandError` where `file` cannot be written, now rather than later. */
export function fileStore(file: string): TokenStore {
  const text = readWhole(file)
  // A file that was there before may be open to everybody; the token in it is a secret.
  if (text !== undefined) closeToOthers(file)
  writeWhole(file, text ?? '', 0o600)
  return storageStore({
    getItem: () => readWhole(file) || null,
    setItem: (_key, value) => writeWhole(file, value, 0o600),
  })
}

function closeToOthers(file: string): void {
  try {
    chmodSync(file, 0o600)
  } catch (error) {
    throw writeError(file, error)
  }
}
