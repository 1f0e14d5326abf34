/** Where the history of a run differs from the recorded one, in words. */
import type { Drawn, Happening, RecordedEventOfPlace } from './recorded-history.ts'

/** `now`: what happened; undefined: nothing. `isRecordedLater`: the same was recorded, after `expected`. */
export function describeDifference(
  expected: RecordedEventOfPlace,
  now: Happening | undefined,
  isRecordedLater: boolean,
): string {
  const recorded = `${describeHappening(expected)}, recorded at ${seconds(expected.atMs)}`
  if (now === undefined) return `${recorded}, did not come`
  return isRecordedLater
    ? `${describeHappening(now)} came before ${recorded}`
    : `${describeHappening(now)} came, and not ${recorded}`
}

/** `asked`: the length of random bytes; undefined: a random number. */
export function describeMissing(
  event: RecordedEventOfPlace,
  drawn: number,
  asked: number | undefined | 'nothing more',
): string {
  const where = `in ${describeHappening(event)}, recorded at ${seconds(event.atMs)}`
  const now = asked === 'nothing more' ? 'nothing more was drawn' : `${describeAsked(asked)} drawn`
  const recorded = event.drawn?.[drawn]
  return `${where}, ${now} after ${values(drawn)}, and ${recorded === undefined ? 'nothing more' : describeDrawn(recorded)} had been`
}

function values(count: number): string {
  return count === 1 ? '1 random value' : `${count} random values`
}

function describeAsked(length: number | undefined): string {
  return length === undefined ? 'a random number was' : `${length} random bytes were`
}

function describeDrawn(drawn: Drawn): string {
  if (typeof drawn === 'number') return 'a random number'
  return `${Math.floor((drawn.replace(/=+$/, '').length * 3) / 4)} random bytes`
}

const MESSAGE_LENGTH_MAX = 80

/** A noun: `client2's draw_card {"pile":1}`. */
function describeHappening({ what, who, message }: Happening): string {
  const [name = '', detail = ''] = what.split(' ')
  const said = message === undefined || isEmpty(message) ? '' : ` ${shortened(JSON.stringify(message))}`
  const whose = who === undefined ? 'a' : `${who}'s`
  switch (name) {
    case 'handleJoin':
      return `${whose} join${said}`
    case 'handlePart':
      return `${whose} part${detail === 'left' ? said : ` (${detail.replaceAll('_', ' ')})`}`
    case 'handleDisconnect':
      return `${whose} loss of its connection`
    case 'handleReconnect':
      return `${whose} return`
    case 'handleTick':
      return 'a tick that draws'
    case 'handleInfo':
      return `what the zone is told${said === '' ? '' : ` (${said.trim()})`}`
    case 'setTimer':
      return `timer ${detail} of the zone`
    case 'stop':
      return 'the end of the zone'
    case 'deliver':
      return who === undefined ? `a delivered ${detail}` : `what ${who} draws on ${detail}`
    case 'boot':
      return 'the boot'
    case 'command':
    case 'call':
      return `the ${name} ${detail}`
    case 'timer':
      return 'a timer of the program that draws'
    case 'input':
      return 'something outside of the zones that draws'
    default:
      return `${whose} ${name.replace(/^rpc\./, '')}${said}`
  }
}

function isEmpty(message: unknown): boolean {
  return typeof message === 'object' && message !== null && Object.keys(message).length === 0
}

function shortened(text: string): string {
  return text.length > MESSAGE_LENGTH_MAX ? `${text.slice(0, MESSAGE_LENGTH_MAX)}…` : text
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`
}
