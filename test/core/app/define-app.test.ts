/** An app that cannot work is refused where it is defined, by the schema's own names. */
import { expect, expectTypeOf, test } from 'vitest'
import { pathToFileURL } from 'node:url'
import { defineApp, protocol, type Schema } from '../../../core/index.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { olderChat } from '../support/older-code.ts'

const bad = (message: string): Error =>
  expect.objectContaining({ code: 'bad_app', message: expect.stringContaining(message) as string }) as Error

test('a schema without join and part', () => {
  const schema: Schema = protocol.schema
  const define = (): unknown => defineApp({ name: 'x', prefix: 5, schema })
  expect(define).toThrow(bad('has no join and no part'))
})

test('settings for a message that does not exist', () => {
  const messages = { channel_msg: { channel: 1 }, typo: { channel: 1 } }
  expect(() => defineApp({ name: 'x', prefix: 5, schema: chat.schema, messages })).toThrow(
    bad("the schema has no message 'typo'; it has join, part, channel_msg, sync"),
  )
})

test.each(['typo', 'toString', 'msg'])('a handler for an rpc that does not exist: %s', (type) => {
  const rpc = { [type]: () => undefined }
  expect(() => chat.defineZone({ init: () => undefined, rpc })).toThrow(bad(`no message '${type}'`))
})

test('join and part among the rpcs', () => {
  const rpc = { join: () => undefined }
  expect(() => chat.defineZone({ init: () => undefined, rpc: rpc as never })).toThrow(
    bad('its handler is `handleJoin`'),
  )
})

test('older generated code is asked as well', async () => {
  const { chat_app } = (await import(pathToFileURL(olderChat()).href)) as { chat_app: { chat: typeof chat.schema } }
  const define = (): unknown =>
    defineApp({ name: 'x', prefix: 5, schema: chat_app.chat, messages: { typo: {} } as never })
  expect(define).toThrow(bad("no message 'typo'"))
})

test('for the compiler as well', () => {
  const never = (): void => {
    // @ts-expect-error it has no join and no part
    defineApp({ name: 'x', prefix: 5, schema: protocol.schema })
    // @ts-expect-error no message of the schema
    defineApp({ name: 'x', prefix: 5, schema: chat.schema, messages: { typo: {} } })
  }
  expectTypeOf(never).toBeFunction()
})
