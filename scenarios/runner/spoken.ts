/**
 * What the steps of a scenario have their clients say, looked up and encoded before anything runs: a step that names an
 * app or a message that does not exist is refused then, and not when its time has come.
 */
import { OverworldError, type Delivery } from '../../core/index.ts'
import { decodeBase64 } from '../base64.ts'
import { fromJsonMessage, type JsonMessage } from '../json-message.ts'
import type { ClientSetup, Scenario, Step } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'

/** What a step has its client say. */
export type Spoken =
  | { readonly kind: 'join' | 'part'; readonly app: SimulatedApp; readonly message: object | undefined }
  | { readonly kind: 'message'; readonly app: SimulatedApp; readonly type: string; readonly message: object }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly delivery: Delivery | undefined }

export class Sayings {
  readonly #apps: ReadonlyMap<string, SimulatedApp>
  readonly #setups = new Map<string, ClientSetup>()
  readonly #byStep = new Map<Step, Spoken>()

  /** Throws `bad_option`. */
  constructor({ clients, steps }: Scenario, apps: ReadonlyMap<string, SimulatedApp>) {
    this.#apps = apps
    for (const setup of clients) this.#setups.set(setup.name, setup)
    for (const [index, step] of steps.entries()) this.#prepare(step, `steps[${index}]`)
  }

  of(step: Step): Spoken {
    const spoken = this.#byStep.get(step)
    if (spoken === undefined) throw new Error(`a step says nothing: ${step.do}`)
    return spoken
  }

  #prepare(step: Step, where: string): void {
    switch (step.do) {
      case 'join':
      case 'part': {
        const app = this.#appOf(step.app, step.client, where)
        const message = step.message === undefined ? undefined : fromJsonMessage(step.message)
        if (message !== undefined) encode(app, step.do, message, where)
        this.#byStep.set(step, { kind: step.do, app, message })
        return
      }
      case 'send': {
        const app = this.#appOf(step.app, step.client, where)
        const message = fromJsonMessage(step.message)
        const bytes = encode(app, step.type, message, where)
        const spoken: Spoken =
          step.delivery === undefined
            ? { kind: 'message', app, type: step.type, message }
            : { kind: 'bytes', bytes, delivery: step.delivery }
        this.#byStep.set(step, spoken)
        return
      }
      case 'send_bytes': {
        const bytes = decodeBase64(step.base64) ?? new Uint8Array(0)
        this.#byStep.set(step, { kind: 'bytes', bytes, delivery: step.delivery })
        return
      }
      case 'tell':
      case 'restart_zone':
        this.#appOf(step.app, '', where)
        return
      default:
        return
    }
  }

  #appOf(name: string | undefined, client: string, where: string): SimulatedApp {
    const wanted = name ?? this.#setups.get(client)?.app ?? ''
    const app = this.#apps.get(wanted)
    if (app !== undefined) return app
    const known = [...this.#apps.keys()].join(', ')
    throw new OverworldError('bad_option', `${where}.app: there is no app '${wanted}'; there are ${known}`)
  }
}

function encode({ app }: SimulatedApp, type: string, message: JsonMessage | object, where: string): Uint8Array {
  try {
    return app.codec.encode(type, message)
  } catch (error) {
    throw new OverworldError('bad_option', `${where}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
