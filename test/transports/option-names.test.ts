/** An option that does not exist is an error, which names the option that was meant. */
import { describe, expect, test } from 'vitest'
import { Client, createServer } from '../../core/index.ts'
import { createClient } from '../../transports/client.ts'
import { enetNetwork, inProcessNetwork, systemRandom, webSocketNetwork } from '../../transports/index.ts'
import { manualClock } from './manual-clock.ts'

const clock = manualClock()
const random = systemRandom()
const network = inProcessNetwork({ clock })
const client = { clock, random, network, address: 'inprocess://lobby' }
const server = { clock, random, apps: [], onReport: () => undefined }

describe.each<[name: string, make: (options: object) => unknown, misspelt: string, meant: string]>([
  ['createServer', (options) => createServer({ ...server, ...options }), 'disconectTimeout', 'disconnectTimeout'],
  ['limits', (options) => createServer({ ...server, limits: options }), 'sesions', 'sessions'],
  ['Client', (options) => new Client({ ...client, ...options }), 'livenesstimeout', 'livenessTimeout'],
  ['createClient', (options) => createClient({ ...client, ...options }), 'pages', 'page'],
  ['webSocketNetwork', (options) => webSocketNetwork({ clock, ...options }), 'allowedOrigin', 'allowedOrigins'],
  ['enetNetwork', (options) => enetNetwork({ clock, ...options }), 'connectionMax', 'connectionsMax'],
])('%s', (name, make, misspelt, meant) => {
  test('names the option that is nearest', () => {
    const message = `${name} has no option "${misspelt}"; did you mean ${meant}?`
    expect(() => make({ [misspelt]: 5 })).toThrow(expect.objectContaining({ code: 'bad_option', message }))
    // It would be ignored in any case, and the next value may be another one.
    expect(() => make({ [misspelt]: undefined })).toThrow(message)
  })

  test('lists the options where none is near', () => {
    expect(() => make({ somethingElseEntirely: 5 })).toThrow(
      new RegExp(`^${name} has no option "somethingElseEntirely"; there are .*${meant}`),
    )
  })

  test('takes what there is', () => {
    expect(() => make({})).not.toThrow()
  })
})

test('what an object inherits is no option', () => {
  const inherited = Object.assign(Object.create({ clokc: 1 }) as object, { clock })
  expect(() => enetNetwork(inherited)).not.toThrow()
  expect(() => enetNetwork({ clock, ...({ constructor: 1 } as object) })).toThrow(/no option "constructor"/)
})
