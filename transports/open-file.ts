/** Opens files to read them, and only files: opening a pipe may wait forever, and a device may never end. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs'

/** The descriptor. Throws the system's error, and one in its form for a folder, a pipe, a socket or a device. */
export function openFile(file: string): number {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  const stats = fstatSync(descriptor)
  if (stats.isFile()) return descriptor
  closeSync(descriptor)
  const [code, what] = stats.isDirectory()
    ? ['EISDIR', 'it is a folder']
    : ['EINVAL', 'it is a pipe or a device, and not a file']
  throw Object.assign(new Error(`${code}: ${what}, open '${file}'`), { code, syscall: 'open', path: file })
}
