/**
 * Where a chat is read from and written to: a terminal, on which a line that is being typed stays below what others
 * say, or pipes and files, which get plain lines.
 */
import process from 'node:process'
import { clearLine, createInterface, cursorTo } from 'node:readline'
import { printable } from '../../core/printable.ts'

export interface ChatScreen {
  readonly isInteractive: boolean
  /** The lines typed, or read from a pipe, until there are no more. */
  readonly lines: AsyncIterable<string>
  show(line: string): void
  /** Ends `lines`. */
  close(): void
}

export function systemScreen(): ChatScreen {
  const { stdin, stdout } = process
  const isInteractive = stdin.isTTY && stdout.isTTY
  const reader = createInterface({ input: stdin, output: isInteractive ? stdout : undefined, prompt: '> ' })
  // Ctrl+C, which readline takes for itself on a terminal: the same as the end of the input.
  reader.on('SIGINT', () => reader.close())
  if (isInteractive) reader.prompt()
  let isOpen = true
  reader.on('close', () => (isOpen = false))
  return {
    isInteractive,
    lines: linesOf(reader, isInteractive),
    show(line) {
      const text = `${printable(line, () => '\u{fffd}')}\n`
      if (!isInteractive || !isOpen) {
        stdout.write(text)
        return
      }
      clearLine(stdout, 0)
      cursorTo(stdout, 0)
      stdout.write(text)
      reader.prompt(true)
    },
    close: () => reader.close(),
  }
}

async function* linesOf(reader: ReturnType<typeof createInterface>, isInteractive: boolean): AsyncGenerator<string> {
  for await (const line of reader) {
    yield line.trim()
    if (isInteractive) reader.prompt()
  }
}
