/** The account of a failing run: what happened, in lines that a person can read. */
import { expect, test } from 'vitest'
import {
  chat,
  chatZone,
  defineSimulatedApp,
  describeEvent,
  formatLine,
  runScenario,
  type AccountDetail,
  type Scenario,
} from 'overworld/scenarios'

/** A chat whose zone cannot live with a reconnect. */
const fragileChat = defineSimulatedApp({
  app: chat,
  zone: chat.defineZone({
    ...chatZone,
    handleReconnect() {
      throw new Error('nobody has ever come back before')
    },
  }),
  bot: {
    join: (name) => ({ handle: name }),
    act: (room, { count }) => room.send('channel_msg', { text: `message ${count}` }),
  },
})

const scenario: Scenario = {
  version: 1,
  name: 'there-and-back',
  seed: 5,
  durationMs: 10_000,
  server: {},
  clients: [
    { name: 'alice', app: 'chat', transport: 'websocket' },
    { name: 'bob', app: 'chat', transport: 'enet' },
  ],
  steps: [{ atMs: 1_500, do: 'reset', client: 'alice' }],
}

function tell(detail: AccountDetail): string {
  const lines: string[] = []
  const result = runScenario(scenario, {
    apps: [fragileChat],
    onEvent(event) {
      for (const line of describeEvent(event, [chat], detail)) {
        if (detail === 'all' || !line.isRoutine) lines.push(formatLine(line))
      }
    },
  })
  expect(result.failure).toMatchObject({ invariant: 'handlers-do-not-throw' })
  return `${lines.join('\n')}\nBROKEN: ${result.failure?.invariant}: ${result.failure?.message}\n`
}

test.each<AccountDetail>(['steps', 'messages', 'all'])('the account of a failing run with %s', async (detail) => {
  await expect(tell(detail)).toMatchFileSnapshot(`golden/account-${detail}.txt`)
})
