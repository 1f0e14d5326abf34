/** Stands between one ENet client and a server, and loses and delays datagrams by a seeded chance. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

export interface Loss {
  /** Of each datagram, in either direction: 0 to 1. */
  readonly loss: number
  /** Each is delayed by up to this, so that they overtake each other. */
  readonly delayMs: number
}

export class LossyProxy {
  readonly #serverPort: number
  readonly #loss: Loss
  readonly #near: Socket = createSocket('udp4')
  readonly #far: Socket = createSocket('udp4')
  #clientPort = 0
  #chance = 0x2545_f491
  #isClosed = false

  constructor(serverPort: number, loss: Loss) {
    this.#serverPort = serverPort
    this.#loss = loss
    this.#near.on('message', (bytes, { port }) => {
      this.#clientPort = port
      this.#pass(() => this.#far.send(bytes, this.#serverPort, '127.0.0.1'))
    })
    this.#far.on('message', (bytes) => this.#pass(() => this.#near.send(bytes, this.#clientPort, '127.0.0.1')))
  }

  /** Resolves with the port that stands for the server's. */
  async open(): Promise<number> {
    this.#near.bind(0, '127.0.0.1')
    this.#far.bind(0, '127.0.0.1')
    await Promise.all([once(this.#near, 'listening'), once(this.#far, 'listening')])
    return this.#near.address().port
  }

  close(): void {
    this.#isClosed = true
    this.#near.close()
    this.#far.close()
  }

  #pass(send: () => void): void {
    if (this.#next() < this.#loss.loss) return
    setTimeout(() => {
      if (!this.#isClosed) send()
    }, this.#next() * this.#loss.delayMs)
  }

  /** From 0 to below 1 (xorshift32). */
  #next(): number {
    this.#chance ^= this.#chance << 13
    this.#chance ^= this.#chance >>> 17
    this.#chance ^= this.#chance << 5
    return (this.#chance >>> 0) / 2 ** 32
  }
}
