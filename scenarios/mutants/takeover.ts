/** Takeover: a session is resumed while its old connection is still open. */
import type { Mutant } from './mutant.ts'

const TRANSITIONS = 'core/session/transitions.ts'
const SESSION = 'core/session/session.ts'
const SLOT = 'core/session/proxy-slot.ts'

const TAKEOVER = "effects: ['adopt_proxy', ...COME_BACK]"

export const TAKEOVER_MUTANTS: readonly Mutant[] = [
  {
    name: 'takeover-runs-callback',
    source: 'design section 5: a takeover is no disconnect',
    sentence: 'The game is told of a disconnect when a player has only changed from Wi-Fi to cellular.',
    edits: [{ file: TRANSITIONS, find: TAKEOVER, replace: "effects: ['run_callback', 'adopt_proxy', ...COME_BACK]" }],
  },
  {
    name: 'takeover-tells-zone-of-disconnect',
    source: 'design section 5: no handleDisconnect, no removal, soft or hard',
    sentence: 'A takeover throws the player out of a hard zone.',
    edits: [
      { file: TRANSITIONS, find: TAKEOVER, replace: "effects: ['tell_zone_disconnect', 'adopt_proxy', ...COME_BACK]" },
    ],
  },
  {
    name: 'takeover-not-told-to-zone',
    source: 'design section 5: the zone hears handleReconnect alone',
    sentence: 'After a takeover the zone does not send its state again, and the new connection shows an empty room.',
    edits: [
      {
        file: TRANSITIONS,
        find: TAKEOVER,
        replace: "effects: ['adopt_proxy', 'rotate_token', 'send_session_new', 'start_heartbeat', 'send_beacon']",
      },
    ],
  },
  {
    name: 'old-connection-not-closed',
    source: 'design section 5: the old connection is closed with 4501',
    sentence: 'The connection that was taken over stays open, and its client believes to be connected.',
    edits: [
      {
        file: SLOT,
        find: 'if (code !== undefined) proxy.close(code)',
        replace: 'if (code !== undefined && code !== CloseCode.takenOver) proxy.close(code)',
      },
    ],
  },
  {
    name: 'two-tabs-fight',
    source: 'design section 7: 45xx, the client must not try again by itself',
    sentence: 'The tab that was taken over is closed with a code that lets it come back: the two take turns for ever.',
    edits: [
      {
        file: TRANSITIONS,
        find: "effects: ['adopt_proxy', ...COME_BACK],\n    closes: CloseCode.takenOver",
        replace: "effects: ['adopt_proxy', ...COME_BACK],\n    closes: CloseCode.normal",
      },
    ],
  },
  {
    name: 'takeover-refused',
    source: 'design section 5: a takeover of a mute connection takes one round trip, not a timeout',
    sentence: 'As long as the old connection is not known to be dead, its client cannot come back.',
    edits: [
      {
        file: 'core/session/handle-request.ts',
        find: '  switch (event) {\n',
        replace:
          "  if (owner?.status === 'connected' && session.status !== 'connected') {\n    link.deny('already_in_session')\n    return\n  }\n  switch (event) {\n",
      },
    ],
  },
  {
    name: 'deferred-close-hits-new-connection',
    source: 'colyseus #950: a deferred close follows a reference that now points at the new socket',
    sentence: 'The old connection is closed a moment later, when the session already has the new one: that is closed.',
    edits: [
      {
        file: SLOT,
        find: 'if (code !== undefined) proxy.close(code)',
        replace: `if (code === CloseCode.takenOver) {
        this.#parts.shell.setTimer({ name: 'grace', session: this.#session.id }, 0, () => {
          if (this.#proxy instanceof ClientLink) this.#proxy.close(code)
        })
      } else if (code !== undefined) proxy.close(code)`,
      },
    ],
  },
  {
    name: 'queued-disconnect-after-reconnect',
    source: 'SignalR #1240: a queued disconnect is delivered after the reconnect',
    sentence: 'The zone hears of the disconnect after it has heard of the return.',
    edits: [
      {
        file: SESSION,
        find: 'this.#zone?.memberDisconnected(this)',
        replace:
          "this.#parts.shell.setTimer({ name: 'grace', session: this.id }, 200, () => this.#zone?.memberDisconnected(this))",
      },
    ],
  },
]
