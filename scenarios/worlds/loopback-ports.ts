/** What TCP and UDP on loopback have in common: a real port of a program that stands for one of the world. */
export interface Ports {
  readonly real: number
  /** 0: any free one. */
  readonly simulated: number
}

/** Who wants to know what has become of the port of the world. */
export interface Told {
  listening(port: number): void
  failed(error: Error): void
}

export interface Serving {
  /** Nobody new. */
  refuse(): void
  /** The real port is closed. */
  end(): void
}

/** Where in the world somebody dials. */
export interface Destination {
  readonly host: string
  readonly port: number
}
