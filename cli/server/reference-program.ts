/** The program that `overworld serve` runs where it is given none: the chat and the arena. */
import { createServer, type PartialServerOptions, type ServerProgram } from '../../core/index.ts'
import { arena, arenaZone } from '../../scenarios/apps/arena.ts'
import { chat, chatZone } from '../../scenarios/apps/chat.ts'

/** What a recording says of how a server was started (`RecordingHeader.configuration`). */
export interface ServedConfiguration {
  readonly addresses: readonly string[]
  readonly server: PartialServerOptions
  /** The file of the user's own program, as it was given. Undefined: the chat and the arena. */
  readonly program?: string
}

/** Boots as it was configured, whatever its parts say: recordings of earlier versions have the configuration alone. */
export function referenceProgram({ addresses, server: options }: ServedConfiguration): ServerProgram {
  const apps = [chat, arena]
  return {
    apps,
    boot({ clock, random, network, shell }) {
      const server = createServer({ ...options, clock, random, apps, shell })
      server.zones.start(chatZone, { name: 'chat' })
      server.zones.start(arenaZone, { name: 'arena' })
      for (const address of addresses) server.listen(network, address)
      return server
    },
  }
}
