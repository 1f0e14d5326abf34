/** The chat in the fuzzer, with rules of its own: `overworld fuzz --app ./examples/browser-chat/fuzz-app.ts`. */
import { defineSimulatedApp, type SimulatedApp } from 'overworld/scenarios'
import { chat } from './chat-app.ts'
import { chatZone } from './chat-zone.ts'

const simulated: SimulatedApp = defineSimulatedApp({
  app: chat,
  zone: chatZone,
  sendsByZoneAlone: true,
  hasNpcs: true,
  putsOut: true,
  bot: {
    join: (name) => ({ name }),
    // Everything that is said is told apart: by its speaker, by the speaker's membership, by its number in that.
    act: (room, { name, life, count }) => void room.send('say', { text: `${name} ${life} ${count}` }),
    listen(room, { name }, check, reach) {
      let here: readonly string[] | undefined
      const heard = new Map<string, number>()

      room.on('here', ({ names }) => {
        check('no-twins', new Set(names).size === names.length, () => `twice in the list: ${names.join(', ')}`)
        check('sees-itself', names.includes(name), () => `${name} is not among ${names.join(', ')}`)
        here = names
      })
      room.on('said', (said) => {
        const [speaker = '', life = '', count = ''] = said.text.split(' ')
        check('server-names-speakers', said.name === speaker, () => `${speaker} was heard as ${said.name}`)
        check(
          'speakers-are-here',
          here?.includes(said.name) === true,
          () => `${said.name} is not among ${here?.join(', ')}`,
        )
        const key = `${speaker} ${life}`
        const last = heard.get(key)
        check('in-order', Number(count) > (last ?? -1), () => `${name} heard '${said.text}' after number ${last}`)
        if (last !== undefined && Number(count) > last + 1) reach('missed something')
        heard.set(key, Number(count))
      })
    },
  },
  invariants: {
    'no-twins': 'Nobody is in the list twice.',
    'sees-itself': 'Whoever gets the list is in it.',
    'server-names-speakers': 'The server, not the client, says who speaks.',
    'speakers-are-here': 'Whoever is heard is in the list that came before.',
  },
  goals: { 'missed something': 'a client was away while somebody spoke, and heard more of them afterwards' },
})

export default simulated
