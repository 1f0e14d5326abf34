/** What a recording says of each of its connections, for comparing one that was recorded with one that was imported. */
import { createHash } from 'node:crypto'
import { RELIABLE, type Entry } from 'overworld'
import { RecordingFileReader } from 'overworld/transports'

export interface Conversation {
  readonly transport: string
  readonly address: string
  /** `message reliable 0 00640a00`, `ignored text_frame`, `closed 4000`, … */
  readonly heard: string[]
  /** `sent …`, `close …` */
  readonly said: string[]
}

const NOBODY: Conversation = { transport: '', address: '', heard: [], said: [] }

export function entriesIn(files: readonly string[]): readonly Entry[] {
  const reader = new RecordingFileReader(files)
  const entries = [...reader.blocks()].flatMap((block) => block.entries)
  if (reader.damage !== undefined) throw new Error(reader.damage.message)
  return entries
}

export function conversationsOf(entries: Iterable<Entry>): readonly Conversation[] {
  const conversations = new Map<number, Conversation>()
  for (const entry of entries) {
    if (entry.kind === 'accepted') {
      const { transport, address } = entry
      conversations.set(entry.connection, { transport, address, heard: [], said: [] })
    }
    if (!('connection' in entry)) continue
    const { transport, heard, said } = conversations.get(entry.connection) ?? NOBODY
    switch (entry.kind) {
      case 'opened':
        heard.push('opened')
        break
      case 'message':
      case 'sent': {
        // A WebSocket is one stream, whatever was asked for.
        const { mode, channel } = transport === 'websocket' ? RELIABLE : entry.delivery
        const text = `${entry.kind} ${mode} ${channel} ${shortHex(entry.bytes)}`
        if (entry.kind === 'message') heard.push(text)
        else said.push(text)
        break
      }
      case 'ignored':
        // A capture does not tell which of ENet's own datagrams were handed on as signs of life.
        if (entry.what !== 'sign_of_life') heard.push(`ignored ${entry.what}`)
        break
      case 'missing':
        heard.push(`missing ${entry.what}`)
        break
      case 'closed':
        heard.push(`closed ${entry.code}`)
        break
      case 'close':
        said.push(`close ${entry.code}`)
        break
      default:
    }
  }
  return [...conversations.values()]
}

function shortHex(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  if (bytes.length <= 64) return hex
  return `${hex.slice(0, 32)}… (${bytes.length} bytes, ${createHash('sha1').update(bytes).digest('hex').slice(0, 12)})`
}
