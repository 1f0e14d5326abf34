/** `overworld chat`: a client to try a server with, and its connection to break. */
import process from 'node:process'
import { memoryStore } from '../../core/index.ts'
import {
  connectionIds,
  enetNetwork,
  networkByScheme,
  nodeUdpStack,
  systemClock,
  systemRandom,
  webSocketNetwork,
} from '../../transports/index.ts'
import { ChatClient } from '../chat/chat-client.ts'
import { systemScreen } from '../chat/chat-screen.ts'
import { CHAT_HELP, converse } from '../chat/converse.ts'
import { fileStore } from '../chat/file-store.ts'
import { SilentSockets } from '../chat/silent-sockets.ts'
import { ExitCode } from '../exit-codes.ts'
import { readText } from '../kept-file.ts'
import type { Subcommand } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

interface ChatCommandOptions {
  readonly name?: string
  readonly sessionFile?: string
  readonly ca?: string
}

export const chatCommand: Subcommand = {
  usage: 'chat',
  summary: 'Talk to others on a server, and break the connection on purpose',
  examples: [
    ['overworld chat ws://127.0.0.1:4433 --name alice', 'over WebSocket; type to talk'],
    ['overworld chat enet://127.0.0.1:4483', 'over ENet'],
    [
      "printf 'hello\\n/drop\\n/resume enet://127.0.0.1:4483\\nback\\n' | overworld chat ws://127.0.0.1:4433",
      'a script',
    ],
    ['overworld chat ws://127.0.0.1:4433 --session-file alice.json', 'kill it and start it again: the session goes on'],
  ],
  define(command, terminal, exitWith) {
    command
      .argument('<url>', 'ws://host:port, wss://host:port or enet://host:port')
      .option('--name <handle>', 'how the others see you (default: the server makes one up)')
      .option('--session-file <file>', 'keep the session there, to take it up again after this program was killed')
      .option('--ca <file>', 'PEM file of the authority that signed the certificate of a wss:// server')
      .addHelpText('after', `\nWhile talking:\n${CHAT_HELP.map((line) => `  ${line}`).join('\n')}`)
      .action(async (url: string, options: ChatCommandOptions) => exitWith(await chat(url, options, terminal)))
  },
}

async function chat(address: string, options: ChatCommandOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.ca !== undefined) readText(options.ca)
  const clock = systemClock()
  const onError = (error: unknown): void => terminal.err(String(error))
  const shared = { clock, onError, nextConnectionId: connectionIds() }
  const sockets = new SilentSockets(nodeUdpStack)
  const webSocket = webSocketNetwork({ ...shared, caFile: options.ca })
  const network = networkByScheme({ ws: webSocket, wss: webSocket, enet: enetNetwork({ ...shared, stack: sockets }) })
  const store = options.sessionFile === undefined ? memoryStore() : fileStore(options.sessionFile)
  const screen = systemScreen()
  const client = new ChatClient({
    address,
    clock,
    network,
    store,
    random: systemRandom(),
    handle: options.name,
    show: screen.show,
    silenceSockets: () => sockets.silence(),
  })
  const stop = (): void => screen.close()
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  try {
    client.connect()
    const outcome = await converse(client, screen)
    if (outcome === 'over') return ExitCode.ok
    terminal.err(`error: no answer from ${address}`)
    return ExitCode.failed
  } finally {
    screen.close()
    client.quit()
    process.off('SIGTERM', stop)
    process.off('SIGINT', stop)
  }
}
