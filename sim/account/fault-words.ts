/** What was done to hosts, connections and links, in words. */
import type { Fault } from '../trace.ts'
import { TraceKind } from '../trace.ts'
import { describeMs } from './words.ts'

export interface FaultInWords {
  readonly who: string
  readonly text: string
}

const OF_CONNECTIONS: ReadonlyMap<string, string> = new Map([
  ['reset', 'its connection breaks (reset)'],
  ['half-close', 'what it sends over its connection ends without a goodbye (half-close)'],
  ['half-open', 'its connection goes silent for ever, and nobody is told (half-open)'],
  ['cut', 'nothing that it sends over its connection arrives any more'],
  ['cut client', 'nothing that the client sends over this connection arrives any more'],
  ['cut server', 'nothing that the server sends over this connection arrives any more'],
  ['reads', 'reads again what arrives'],
  ['reads no more', 'reads nothing of what arrives'],
])

/** Undefined: not worth a line. */
export function describeFault({ kind, host, number, text }: Fault): FaultInWords | undefined {
  switch (kind) {
    case TraceKind.boot:
      return number === 1 ? undefined : { who: host, text: 'its program starts again' }
    case TraceKind.crash:
      return { who: host, text: 'its program dies: memory, timers and connections are lost' }
    case TraceKind.pause:
      return { who: host, text: 'stands still (paused)' }
    case TraceKind.resume:
      return { who: host, text: 'runs again after its pause' }
    default:
      return host === '' ? describeLinks(text) : { who: host, text: describeOfHost(text, number) }
  }
}

function describeOfHost(text: string, number: number): string {
  if (text === 'clock drift') return `its clock runs ${number} ppm faster than it should`
  if (text === 'clock jump') return `its clock leaps forward by ${describeMs(number)}`
  if (text === 'wall clock set') return `its wall clock is set by ${number} ms`
  if (text.startsWith('address ')) return `has another network address now: ${text.slice('address '.length)}`
  return OF_CONNECTIONS.get(text) ?? text
}

function describeLinks(text: string): FaultInWords {
  const [what = '', ...links] = text.split(' ')
  const paths = pathsOf(links)
  switch (what) {
    case 'down':
      return { who: 'network', text: `${paths}: nothing passes any more` }
    case 'up':
      return { who: 'network', text: `${paths}: works again` }
    case 'clogged':
      return { who: 'network', text: `${paths}: packets wait, and will arrive together` }
    default:
      return { who: 'network', text }
  }
}

/** `alice <-> server, bob -> server` */
function pathsOf(links: readonly string[]): string {
  const left = new Set(links)
  const paths: string[] = []
  for (const link of links) {
    if (!left.delete(link)) continue
    const [from = '', to = ''] = link.split('>')
    paths.push(`${from} ${left.delete(`${to}>${from}`) ? '<->' : '->'} ${to}`)
  }
  return paths.join(', ')
}
