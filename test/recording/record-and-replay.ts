/** Bundled by planted-bugs.test.ts, each time with a planted bug: records a life, changes nothing, and replays it. */
import { BlockReader } from 'overworld'
import { replay } from 'overworld/sim'
import { eventfulProgram, liveEventfully } from './eventful-life.ts'

/** In words, where the replay diverges, or what is wrong with the recording; undefined: nothing. */
export function findDivergence(): string | undefined {
  const reader = new BlockReader()
  const entries = [...reader.push(Buffer.concat(liveEventfully().chunks))].flatMap((block) => block.entries)
  if (reader.damage !== undefined) return reader.damage.message
  const { divergence, end } = replay(entries, eventfulProgram)
  if (divergence !== undefined) return `recorded: ${divergence.recorded}, now: ${divergence.now}`
  return end === 'ended' ? undefined : end
}

/** Whether a replay finds that one byte of one message that was sent was another when it was recorded. */
export function findsChangedByte(): boolean {
  const entries = [...new BlockReader().push(Buffer.concat(liveEventfully().chunks))].flatMap((block) => block.entries)
  const changed = entries.map((entry, index) => {
    if (index !== entries.findLastIndex(({ kind }) => kind === 'sent') || entry.kind !== 'sent') return entry
    const bytes = entry.bytes.slice()
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    return { ...entry, bytes }
  })
  return !replay(changed, eventfulProgram).identical
}
