/**
 * From the types that `pbjs --dts` generates to those that handlers and clients see: `T | null` becomes
 * `T | undefined`, lists are always there in what is received, and there is no `$unknowns`.
 */
import type { Reader, Writer } from 'protobufjs/minimal.js'

/** A generated static message class that holds one `oneof msg`. */
export interface Schema {
  encode(message: object, writer?: Writer): Writer
  decode(reader: Reader | Uint8Array): object
}

type Decoded<S extends Schema> = ReturnType<S['decode']>

/** Whether `overworld proto` of this version generated it: its types need no conversion. */
type IsChecked<S extends Schema> = S extends { readonly $app: unknown } ? true : false

/** The names of the members of `oneof msg`. */
export type MessageName<S extends Schema> =
  IsChecked<S> extends true ? Extract<keyof Decoded<S>, string> : OlderMessageName<S>

type OlderMessageName<S extends Schema> = Decoded<S> extends { msg?: infer Name } ? Extract<Name, string> : never

/** All but `join` and `part`, which are the zone's. */
export type RpcName<S extends Schema> = Exclude<MessageName<S>, 'join' | 'part'>

/** The generated (nullable) type of one message. */
type Raw<S extends Schema, Name extends string> = NonNullable<
  Parameters<S['encode']>[0] extends infer Envelope ? (Name extends keyof Envelope ? Envelope[Name] : never) : never
>

type Field<T> = T extends Uint8Array
  ? Uint8Array
  : T extends readonly (infer Item)[]
    ? readonly Field<Item>[]
    : T extends object
      ? Received_<T>
      : T

type Fields<T> = Exclude<keyof T, '$unknowns'>
type IsOptional<T, K extends keyof T> = object extends Pick<T, K> ? true : false
/** Present in every received message: required fields and lists. */
type Always<T, K extends keyof T> =
  IsOptional<T, K> extends true
    ? NonNullable<T[K]> extends Uint8Array
      ? false
      : NonNullable<T[K]> extends readonly unknown[]
        ? true
        : false
    : true

type Received_<T> = {
  readonly [K in Fields<T> as Always<T, K> extends true ? K : never]-?: Field<NonNullable<T[K]>>
} & {
  readonly [K in Fields<T> as Always<T, K> extends true ? never : K]?: Field<NonNullable<T[K]>> | undefined
}

type Sendable_<T> = {
  readonly [K in Fields<T> as IsOptional<T, K> extends true ? never : K]: SendableField<NonNullable<T[K]>>
} & {
  readonly [K in Fields<T> as IsOptional<T, K> extends true ? K : never]?: SendableField<NonNullable<T[K]>> | undefined
}

type SendableField<T> = T extends Uint8Array
  ? Uint8Array
  : T extends readonly (infer Item)[]
    ? readonly SendableField<Item>[]
    : T extends object
      ? Sendable_<T>
      : T

/** Flattens an intersection, so that an editor shows fields. */
type Show<T> = { [K in keyof T]: T[K] }

/** A message as a handler or a client receives it. */
export type Received<S extends Schema, Name extends MessageName<S>> =
  IsChecked<S> extends true
    ? Name extends keyof Decoded<S>
      ? Show<NonNullable<Decoded<S>[Name]>>
      : never
    : Show<Received_<Raw<S, Name>>>

/** A message as one hands it over to be sent. */
export type Sendable<S extends Schema, Name extends MessageName<S>> =
  IsChecked<S> extends true ? Show<Raw<S, Name>> : Show<Sendable_<Raw<S, Name>>>

/** For the compiler: what is wrong with a schema that is no app's. Nothing is said of a schema that is not known. */
export type Complaint<S extends Schema> = Schema extends S
  ? unknown
  : 'join' | 'part' extends MessageName<S>
    ? unknown
    : { readonly schema: 'it must have a `oneof msg` with the members `join` and `part`' }
