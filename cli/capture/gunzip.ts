/**
 * Unpacks gzip, also where several packed files follow each other in one (RFC 1952 section 2.2), into a file that has no
 * name, so that nothing is left of it. Of what is cut off or damaged, everything before it is unpacked.
 */
import { closeSync, createReadStream, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createGunzip } from 'node:zlib'
import { openToRead, orReadError } from '../kept-file.ts'

export interface Unpacked {
  readonly descriptor: number
  /** Why not all of it could be unpacked; undefined: it was. */
  readonly problem: string | undefined
}

/** Whether the file begins as gzip does. Throws what reading it throws. */
export function isGzip(file: string): boolean {
  const magic = new Uint8Array(2)
  const descriptor = openToRead(file)
  try {
    return orReadError(file, () => readSync(descriptor, magic, 0, 2, 0)) === 2 && magic[0] === 0x1f && magic[1] === 0x8b
  } finally {
    closeSync(descriptor)
  }
}

/** The descriptor is the caller's to close. Rejects with what writing throws, and with what `onPiece` throws. */
export async function unpack(file: string, onPiece: () => void): Promise<Unpacked> {
  const descriptor = openNameless()
  try {
    return { descriptor, problem: await unpackTo(descriptor, file, onPiece) }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** Its name is gone before anything is in it: whatever ends the process leaves nothing behind. */
function openNameless(): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'overworld-import-'))
  try {
    return openSync(path.join(folder, 'unpacked'), 'wx+', 0o600)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function unpackTo(descriptor: number, file: string, onPiece: () => void): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const input = createReadStream(file)
    const gunzip = createGunzip()
    // Each piece at once: an error drops those that wait.
    gunzip.on('data', (piece: Uint8Array) => {
      try {
        onPiece()
        for (let at = 0; at < piece.length;) at += writeSync(descriptor, piece, at)
      } catch (error) {
        input.destroy()
        gunzip.destroy()
        reject(error)
      }
    })
    gunzip.on('end', () => resolve(undefined))
    gunzip.on('error', ({ message }) => {
      input.destroy()
      resolve(message)
    })
    input.on('error', ({ message }) => {
      gunzip.destroy()
      resolve(message)
    })
    input.pipe(gunzip)
  })
}
