/**
 * What is wrong with a schema beyond its syntax: that protobufjs lets pass, and that makes no app. Sentences with their place;
 * the first is enough to stop for.
 */
import protobuf from 'protobufjs'
import { isEnum, isOpen } from './field-form.ts'
import { declarationOf, placeOf, wordOf } from './schema-errors.ts'
import { isEnvelope, typesIn, type ReadSchema } from './schema-types.ts'

const NUMBER_MAX = 2 ** 29 - 1

/** Of any schema. */
export function mistakesIn({ root, files }: ReadSchema): readonly string[] {
  return typesIn(root).flatMap((type) =>
    type.fieldsArray.flatMap((field) => {
      const what = mistakeOf(field)
      return what === undefined
        ? []
        : [`${placeOf(files, wordOf(field.name))}: field ${type.name}.${field.name}: ${what}`]
    }),
  )
}

function mistakeOf(field: protobuf.Field): string | undefined {
  const { id } = field
  // protobufjs loses a type of this name.
  if ((field.type as string | undefined) === undefined)
    return 'a message or enum named undefined cannot be used as a type; rename it'
  if (id < 1 || id > NUMBER_MAX) return `its number must be 1 to ${NUMBER_MAX}, not ${id}`
  if (id >= 19_000 && id <= 19_999) return `the numbers 19000 to 19999 are protobuf's own`
  const fallback = field.options?.['default'] as string | number | boolean | undefined
  if (fallback === undefined) return undefined
  if (isEnum(field)) {
    const { values } = field.resolvedType
    const isKnown = typeof fallback === 'string' && Object.hasOwn(values, fallback)
    return isKnown ? undefined : `its default ${fallback} is none of ${Object.keys(values).join(', ')}`
  }
  const isBig = field.type.endsWith('64') && !Number.isSafeInteger(Number(String(field.defaultValue)))
  return isBig ? 'its default is beyond 2^53-1, which a number of JavaScript cannot hold' : undefined
}

/** Why no app can be defined with it: it lacks a message with `oneof msg`, or that lacks `join` or `part`. */
export function mistakesOfApp({ root, files }: ReadSchema): readonly string[] {
  const types = typesIn(root)
  const candidates = types.filter((type) => type.oneofs?.['msg'] !== undefined)
  if (candidates.some((type) => whatIsWrong(type) === undefined)) return []
  const [first] = candidates
  if (first === undefined) {
    const other = types.find((type) => type.fieldsArray.some(({ name }) => name === 'join'))
    const [oneof] = other?.oneofsArray ?? []
    const hint = oneof === undefined ? '' : ` (${other?.name} has \`oneof ${oneof.name}\`: it must be named msg)`
    const place = placeOf(files, other && declarationOf('message', other.name))
    return [`${place}: no message with a \`oneof msg\`${hint}; an app's schema has one, with its messages as members`]
  }
  return [whatIsWrong(first) ?? ''].map((what) => `${placeOf(files, declarationOf('message', first.name))}: ${what}`)
}

function whatIsWrong(type: protobuf.Type): string | undefined {
  const members = type.oneofs['msg']?.fieldsArray ?? []
  const scalar = members.find(({ resolvedType }) => !(resolvedType instanceof protobuf.Type))
  if (scalar !== undefined) {
    return `the \`oneof msg\` of ${type.name} has ${scalar.name}, which is of type ${scalar.type}: its members must be messages`
  }
  const missing = ['join', 'part'].filter((name) => !members.some((member) => member.name === name))
  if (missing.length > 0) {
    return `the \`oneof msg\` of ${type.name} has no ${missing.join(' and no ')}: they are how a session joins and leaves a zone`
  }
  const others = type.fieldsArray.filter(({ partOf }) => partOf?.name !== 'msg')
  const [other] = others
  return other === undefined
    ? undefined
    : `${type.name} has the field ${other.name} outside of its \`oneof msg\`: nothing would send it`
}

/** What may surprise: said, and no reason to stop. */
export function warningsOf({ root, files }: ReadSchema): readonly string[] {
  const types = typesIn(root).filter((type) => !isEnvelope(type))
  const implicit = types.flatMap((type) =>
    type.fieldsArray.filter((field) => isZeroAbsent(field)).map((field) => ({ type, field })),
  )
  const [first] = implicit
  if (first === undefined) return []
  const { type, field } = first
  const place = placeOf(files, wordOf(field.name))
  const and = implicit.length === 1 ? '' : ` and ${implicit.length - 1} more`
  return [
    `${place}: warning: ${type.name}.${field.name}${and}: without \`optional\`, zero, false and empty are not told apart from ` +
      'absent (proto3, implicit presence): handlers get 0, false or an empty value for both',
  ]
}

function isZeroAbsent(field: protobuf.Field): boolean {
  const isSingle = !field.repeated && !field.map && !field.required
  return isSingle && !(field.resolvedType instanceof protobuf.Type) && !field.hasPresence
}

/** An open enum begins with 0: an absent field reads as that. */
export function enumMistakes({ root, files }: ReadSchema): readonly string[] {
  const enums = typesIn(root).flatMap((type) => type.fieldsArray.filter(isEnum).map(({ resolvedType }) => resolvedType))
  return [...new Set(enums)]
    .filter((each) => isOpen(each) && Object.values(each.values)[0] !== 0)
    .map(
      (each) =>
        `${placeOf(files, declarationOf('enum', each.name))}: the first value of enum ${each.name} must be 0 (proto3)`,
    )
}
