/** Handlers that refuse and throw, what zones tell themselves, their timers, and routes. */
import type { Mutant } from './mutant.ts'

const ZONE = 'core/zone/zone.ts'
const ZONES = 'core/zone/zones.ts'
const TURNS = 'core/turns/turns.ts'

export const HANDLER_MUTANTS: readonly Mutant[] = [
  {
    name: 'refused-joiner-stays',
    source: 'design section 6: handleJoin may refuse; if it does, the session is no member',
    sentence: 'Who was refused is a member all the same.',
    edits: [{ file: ZONE, find: 'if (isDone && !isRefused) return', replace: 'if (isDone) return' }],
  },
  {
    name: 'failed-joiner-stays',
    source: 'design section 6: if handleJoin throws, the session is no member; overworld-behaviour 3: a zone crashes',
    sentence: 'Who could not be let in is a member that the zone knows nothing of.',
    edits: [{ file: ZONE, find: 'if (isDone && !isRefused) return', replace: 'if (!isRefused) return' }],
  },
  {
    name: 'refused-joiner-parts',
    source: 'design section 6: refused, no part follows; Nakama 0.11.2: a leave too many',
    sentence: 'The zone hears that somebody leaves who never came in.',
    edits: [
      {
        file: ZONE,
        find: 'if (isDone && !isRefused) return\n    this.#members.delete(session)\n    session.setZone(undefined)',
        replace: "if (isDone && !isRefused) return\n    this.memberLeft(session, 'removed')",
      },
    ],
  },
  {
    name: 'refusal-not-told',
    source: 'design section 6: handleJoin may refuse, with a message',
    sentence: 'Who was refused is not told why, and waits.',
    edits: [
      {
        file: ZONE,
        find: 'shell.ask(() => session.deliver(outgoing), action',
        replace: "shell.ask(() => (action.kind === 'refuse' ? undefined : session.deliver(outgoing)), action",
      },
    ],
  },
  {
    name: 'leaver-gets-no-reply',
    source: 'design section 6: a leaver is none before handlePart runs (only its reply may reach it)',
    sentence: 'Who leaves never gets the last word of the zone.',
    edits: [
      {
        file: ZONE,
        find: 'shell.ask(() => session.deliver(outgoing), action',
        replace:
          "shell.ask(() => (action.kind === 'reply' && session.zone === undefined ? undefined : session.deliver(outgoing)), action",
      },
    ],
  },
  {
    name: 'failed-handler-half-done',
    source: 'design section 6: a handler that throws loses what it asked for',
    sentence: 'A handler fails half way, and what it did until then is carried out.',
    edits: [
      {
        file: TURNS,
        find: '    } catch (error) {\n      this.#queue.length = asked\n      return { threw: true, error }',
        replace: '    } catch (error) {\n      return { threw: true, error }',
      },
    ],
  },
  {
    name: 'failed-handler-not-reported',
    source: 'design section 6: is reported with zone, handler and session',
    sentence: 'A handler fails, and nobody ever hears of it.',
    edits: [
      {
        file: ZONE,
        find: '    this.#parts.reportFailure(handled, this.#nameOf(handler), this.#threw(handler, session))\n',
        replace: '    this.#parts.counters.throwsTotal++\n',
      },
    ],
  },
  {
    name: 'failed-handler-ends-the-turn',
    source: 'design section 6: harms nobody else; overworld-behaviour 4: one message crashes the router for all',
    sentence: 'A handler fails, and what others were to get in the same turn is lost.',
    edits: [
      {
        file: TURNS,
        find: '      return { threw: true, error }',
        replace: '      this.#next = this.#queue.length\n      return { threw: true, error }',
      },
    ],
  },
  {
    name: 'failed-handler-evicts',
    source: 'overworld-behaviour 3: the zone crashes and silently evicts everyone',
    sentence: 'A handler fails, and the zone has lost its members.',
    edits: [
      {
        file: ZONE,
        find: '    if (!handled.threw) return true\n',
        replace: '    if (!handled.threw) return true\n    this.#members.clear()\n',
      },
    ],
  },
  {
    name: 'timers-survive-their-zone',
    source: 'design section 6: setTimer is freed with the zone; colyseus #285: timeouts never deleted',
    sentence: 'The match is over, and its timers still fire.',
    edits: [{ file: ZONE, find: '    for (const timer of this.#timers) timer.cancel()\n', replace: '' }],
  },
  {
    name: 'cancelled-timer-fires',
    source: 'design section 4: a cancelled timer never fires',
    sentence: 'What was called off happens.',
    edits: [
      {
        file: ZONE,
        find: '        timer.cancel()\n        this.#timers.delete(timer)',
        replace: '        this.#timers.delete(timer)',
      },
    ],
  },
  {
    name: 'zone-keeps-one-timer',
    source: 'design section 6: setTimer; phoenix #3083, in terms of zones: one timer where there should be several',
    sentence: 'Setting a timer calls off the one before.',
    edits: [
      {
        file: ZONE,
        find: 'if (isCancelled || this.#isStopped) return\n',
        replace: 'if (isCancelled || this.#isStopped) return\n      for (const other of this.#timers) other.cancel()\n',
      },
    ],
  },
  {
    name: 'tell-interrupts',
    source: 'design section 6: a zone does one thing at a time',
    sentence: 'What a handler tells its zone is handled in the middle of that handler.',
    edits: [
      {
        file: ZONE,
        find: '    this.#parts.turns.call(\n      () => {\n        this.#assertRunning()',
        replace: '    this.#parts.turns.enter(\n      () => {\n        this.#assertRunning()',
      },
    ],
  },
  {
    name: 'told-twice',
    source: 'design section 4: asynchronous work comes back in by zone.tell → handleInfo',
    sentence: 'The answer of the database is handled twice.',
    edits: [
      {
        file: ZONE,
        find: "this.#call('handleInfo', undefined, run, { message })",
        replace: "for (let count = 0; count < 2; count++) this.#call('handleInfo', undefined, run, { message })",
      },
    ],
  },
  {
    name: 'except-ignored',
    source: 'design section 6: broadcast(type, message, { except })',
    sentence: 'Who was to be left out of a broadcast gets it too.',
    edits: [
      {
        file: ZONE,
        find: 'message, except: options?.except }\n    this.#perform',
        replace: 'message, except: options === undefined ? undefined : undefined }\n    this.#perform',
      },
    ],
  },
  {
    name: 'sent-to-who-has-left',
    source: 'design section 6: recipients are judged when it is carried out',
    sentence: 'What was meant for members reaches who is none any more.',
    edits: [
      {
        file: ZONE,
        find: 'if (this.#members.has(recipient)) recipient.deliver(outgoing)',
        replace: "if (recipient.status !== 'gone') recipient.deliver(outgoing)",
      },
    ],
  },
  {
    name: 'returned-before-called',
    source: 'design section 6: its calls in order, then what it returned',
    sentence: 'What a handler returned overtakes what it had sent before.',
    edits: [
      {
        file: ZONE,
        find: 'for (const member of this.#members) if (member !== action.except) member.deliver(outgoing)\n        }',
        replace:
          'this.#parts.turns.ask(() => {\n            for (const member of this.#members) if (member !== action.except) member.deliver(outgoing)\n          })\n        }',
      },
    ],
  },
  {
    name: 'no-zone-found-not-told',
    source: 'design section 6: session_denied unknown_zone',
    sentence: 'Who wants to join a room that is not there waits for ever.',
    edits: [
      {
        file: ZONES,
        find: "|| zone.app !== app) return 'unknown_zone'\n",
        replace: '|| zone.app !== app) return undefined\n',
      },
    ],
  },
  {
    name: 'failed-route-picks-the-first',
    source: "docs/errors.md: an app's route threw: the joiner was told that there is no zone",
    sentence: 'The route fails, and everybody ends up in the first room.',
    edits: [
      {
        file: ZONES,
        find: "({ kind: 'route_threw', app, session, error }))\n    return undefined",
        replace: "({ kind: 'route_threw', app, session, error }))\n    return this.list(app)[0]",
      },
    ],
  },
  {
    name: 'route-ignored',
    source: 'design section 6: route(joinMessage, session) picks one for a join',
    sentence: 'Everybody joins the first room, whatever the route says.',
    edits: [
      {
        file: ZONES,
        find: '    if (!handled.threw) return picked\n',
        replace: '    if (!handled.threw) return picked && this.list(app)[0]\n',
      },
    ],
  },
  {
    name: 'routed-before-judged',
    source: 'design section 6: joining twice: already_joined, nothing else changes',
    sentence: 'The route, which takes a seat, is asked for somebody who has one.',
    edits: [
      {
        file: ZONES,
        find: "    if (session.zone !== undefined) return 'already_joined'\n    const zone = wanted ?? this.#pick(app, message, session)\n",
        replace:
          "    const zone = wanted ?? this.#pick(app, message, session)\n    if (session.zone !== undefined) return 'already_joined'\n",
      },
    ],
  },
  {
    name: 'refused-joiner-listens',
    source: 'design section 6: if it refuses or throws, the session is no member',
    sentence: 'Who was refused is in no zone, and hears all that the zone says.',
    edits: [
      {
        file: ZONE,
        find: 'if (isDone && !isRefused) return\n    this.#members.delete(session)\n',
        replace: 'if (isDone && !isRefused) return\n',
      },
    ],
  },
  {
    name: 'cancelled-at-once-fires-all-the-same',
    source: 'core/zone/zone.ts: what a handler asks for is carried out after it has returned',
    sentence: 'A handler sets a timer, thinks better of it and cancels it, and it fires.',
    edits: [
      {
        file: ZONE,
        find: 'if (isCancelled || this.#isStopped) return',
        replace: 'if (isCancelled && this.#isStopped) return',
      },
    ],
  },
  {
    name: 'state-freed-too-early',
    source: 'design section 6: stopping a zone parts every member',
    sentence:
      'A zone that stops gives its state up, and then tells its members that they have parted: handlePart finds nothing.',
    edits: [
      {
        file: ZONE,
        find: '  readonly #state: unknown\n',
        replace: '  #state: unknown\n',
      },
      {
        file: ZONE,
        find: "    for (const session of this.#members) this.memberLeft(session, 'zone_stopped')\n",
        replace:
          "    this.#state = undefined\n    for (const session of this.#members) this.memberLeft(session, 'zone_stopped')\n",
      },
    ],
  },
  {
    name: 'only-the-first-action-refuses',
    source: 'design section 6: handleJoin may refuse, with a message',
    sentence: 'Whoever is refused after something else was said to the others is a member all the same.',
    edits: [
      {
        file: ZONE,
        find: "        if (action.kind === 'refuse') isRefused = true\n",
        replace: "        if (count++ === 0) isRefused = action.kind === 'refuse'\n",
      },
      {
        file: ZONE,
        find: '    let isRefused = false\n',
        replace: '    let isRefused = false\n    let count = 0\n',
      },
    ],
  },
  {
    name: 'promise-taken-for-nothing',
    source:
      'docs/errors.md: async_handler; meta-space-org/playnetwork #55: what an async handler throws ends the process',
    sentence: 'A handler in JavaScript is async; nobody is told, and its rejection ends the process with all sessions.',
    edits: [
      {
        file: TURNS,
        find: 'if (!isThenable(returned)) return DONE',
        replace: 'if (!isThenable(returned) || returned !== undefined) return DONE',
      },
    ],
  },
  {
    name: 'async-handler-half-done',
    source: 'docs/errors.md: a handler that returns a promise counts as one that threw',
    sentence: 'An async handler is refused, and what it did until its first await is carried out.',
    edits: [
      {
        file: TURNS,
        find: '      this.#queue.length = asked\n      return { threw: true, promise: returned }',
        replace: '      return { threw: true, promise: returned }',
      },
    ],
  },
  {
    name: 'rejection-not-caught',
    source: 'docs/errors.md: its rejection is caught and reported',
    sentence: 'A callback is async, and its rejection ends the process with all sessions.',
    edits: [
      {
        file: 'core/reporter.ts',
        find: '    if (promise !== undefined) this.reportRejection(promise, toReport)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'route-promises',
    source: 'docs/errors.md: async_handler: a route',
    sentence: 'A route is async: everybody is told that there is no zone, and nobody who runs the server knows why.',
    edits: [
      {
        file: ZONES,
        find: '      if (isThenable(returned)) return returned\n',
        replace: '      if (isThenable(returned)) return undefined\n',
      },
    ],
  },
  {
    name: 'nonsense-returned-taken-for-nothing',
    source: 'docs/errors.md: bad_action',
    sentence: 'A handler returns a message instead of an action: nobody gets it, and nobody is told why.',
    edits: [
      {
        file: ZONE,
        find: 'if (!isAction(action)) throw this.#noAction(handler, session, action)',
        replace: 'if (!isAction(action)) continue',
      },
    ],
  },
  {
    name: 'failing-done-loses-the-others',
    source: 'docs/errors.md: callback_threw: done of stop and drain',
    sentence:
      'Two parts of a program wait for the server to stop. The callback of one fails, and the other waits for ever.',
    edits: [
      {
        file: 'core/server.ts',
        find: "      if (handled.threw) this.reportFailure(handled, 'done of stop or drain', serverCallbackThrew('done'))\n",
        replace:
          "      if (!handled.threw) continue\n      this.reportFailure(handled, 'done of stop or drain', serverCallbackThrew('done'))\n      return\n",
      },
    ],
  },
]
