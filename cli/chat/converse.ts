/**
 * Carries out what is typed, line by line. On a terminal each line counts at once. A script on a pipe cannot see what
 * comes of its lines, so each waits for the connection, and for the echo of what was said before.
 */
import type { ChatClient } from './chat-client.ts'
import type { ChatScreen } from './chat-screen.ts'

export const CHAT_HELP = [
  '/drop          cut the connection without a goodbye',
  '/silence       let it stay open, but nothing gets through (half-open)',
  '/resume [url]  come back, also over another transport: /resume enet://127.0.0.1:4483',
  '/who           who is there',
  '/quit          leave',
] as const

/** How long a script waits for the connection, and for an echo. */
const CONNECT_PATIENCE_MS = 10_000
const ECHO_PATIENCE_MS = 2_000

/** Resolves once the conversation is over: `no_answer` where a script never got a connection. */
export async function converse(client: ChatClient, screen: ChatScreen): Promise<'over' | 'no_answer'> {
  for await (const line of screen.lines) {
    if (!screen.isInteractive && !(await settle(client))) return 'no_answer'
    if (line === '/quit') return 'over'
    if (line !== '') obey(line, client, screen)
  }
  if (!screen.isInteractive && !(await settle(client))) return 'no_answer'
  return 'over'
}

/** False: there is nobody to talk to. */
async function settle(client: ChatClient): Promise<boolean> {
  if (!(await client.until(() => client.state !== 'coming', CONNECT_PATIENCE_MS))) return false
  await client.until(() => client.isHeard, ECHO_PATIENCE_MS)
  return true
}

function obey(line: string, client: ChatClient, screen: ChatScreen): void {
  if (!line.startsWith('/')) {
    client.say(line)
    return
  }
  const [command = '', argument] = line.split(/\s+/)
  switch (command) {
    case '/drop':
      client.drop()
      return
    case '/silence':
      client.silence()
      return
    case '/resume':
      resume(client, screen, argument)
      return
    case '/who':
      client.who()
      return
    case '/help':
      for (const each of CHAT_HELP) screen.show(each)
      return
    default:
      screen.show(`* there is no ${command}; /help lists what there is`)
  }
}

function resume(client: ChatClient, screen: ChatScreen, address: string | undefined): void {
  try {
    client.connect(address)
  } catch (error) {
    screen.show(`* ${(error as Error).message}`)
  }
}
