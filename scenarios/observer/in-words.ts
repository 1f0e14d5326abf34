/** What the model expects, and whom of, in the words that a failure is told with. */
import type { ModelConnection } from './model-entities.ts'
import { nameOfDenial } from './wire.ts'

/** What a key of an expectation stands for. */
export function inWords(key: string): string {
  const [what, first = '', second = '', ...rest] = key.split(' ')
  switch (what) {
    case 'close':
      return `connection ${first} is closed with ${second}`
    case 'let_go':
      return `receiver ${first} is let go with ${second}`
    case 'denied':
      return `connection ${first} is told ${nameOfDenial(Number(second))}`
    case 'new':
      return `connection ${first} gets session_new${second === '' ? '' : ` ${second} with token ${rest.join(' ').slice(0, 8)}…`}`
    case 'state':
      return `connection ${first} gets session_state: app ${second}, zone ${rest[0] ?? '-'}, skewed apps ${rest[1] ?? ''}`
    case 'undecodable':
      return `it is reported that a message of app ${first} cannot be decoded (${second}${rest[0] === 'true' ? ', skewed' : ''})`
    case 'beacon':
      return `connection ${first} gets a beacon at once`
    case 'pong':
      return `connection ${first} gets a pong of ${second} ms`
    case 'callback':
      return `the disconnectCallback of session ${first} (${rest[0] ?? ''}) runs with code ${second}`
    case 'part':
      return `handlePart (${second}) runs for session ${first}`
    case 'handler':
      return `${first} runs for session ${second}`
    case 'join':
      return `handleJoin of zone '${second}' runs for session ${first}`
    case 'info':
      return `handleInfo of zone '${first}' runs`
    case 'report':
      return `it is reported that ${first} of '${second}' threw`
    default:
      return key
  }
}

/** That a connection is closed, or a receiver let go. */
export function closingKey({ number }: ModelConnection, code: number): string {
  return number < 0 ? `let_go ${-number} ${code}` : `close ${number} ${code}`
}

export function nameOf(connection: ModelConnection): string {
  return `connection ${connection.number}`
}
