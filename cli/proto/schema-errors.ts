/** What is wrong with a `.proto` file, said with the file and the line wherever it can be found. */
import { readFileSync } from 'node:fs'

/** `files`: those that were read, the main one first. Paths are as the user gave them. */
export function describeSchemaError(error: unknown, files: readonly string[]): string {
  const [main = ''] = files
  const { code, path } = error as { readonly code?: unknown; readonly path?: unknown }
  if (code === 'ENOENT' && typeof path === 'string') return missingFile(path, files)
  if (code === 'EISDIR') return `${main}: is a folder, not a schema`
  const said = error instanceof Error ? error.message : String(error)
  if (code !== undefined) return `${main}: cannot be read (${said})`
  const place = / \((?:(.+), )?line (\d+)\)/.exec(said)
  if (place !== null) {
    const [found, file = main, line] = place
    return `${named(file, files)}:${line}: ${said.replace(found, '')}`
  }
  // The rest has no place: the first mention of what it is about is the best that there is.
  const about = /'([^']+)'/.exec(said)?.[1]?.split(' ').at(-1) ?? /\bid (\d+)/.exec(said)?.[1]
  return `${placeOf(files, about === undefined ? undefined : wordOf(about))}: ${said}`
}

/** `file:line` of the first match in any of the files; of the main file alone where there is none. */
export function placeOf(files: readonly string[], pattern: RegExp | undefined): string {
  const [main = ''] = files
  for (const file of pattern === undefined ? [] : files) {
    const line = lineOf(file, pattern as RegExp)
    if (line !== undefined) return `${file}:${line}`
  }
  return main
}

/** For a declaration such as `message lobby`. */
export function declarationOf(keyword: string, name: string): RegExp {
  return new RegExp(`\\b${keyword}\\s+${escaped(name)}\\b`)
}

export function wordOf(name: string): RegExp {
  return new RegExp(`(?<!\\w)${escaped(name.replace(/^\./, ''))}(?!\\w)`)
}

function lineOf(file: string, pattern: RegExp): number | undefined {
  const at = textOf(file).search(pattern)
  return at === -1 ? undefined : textOf(file).slice(0, at).split('\n').length
}

/** Without comments, but with their lines. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replaceAll(/\/\/.*|\/\*[^]*?\*\//g, (comment) =>
      comment.replaceAll(/[^\n]/g, ' '),
    )
  } catch {
    return ''
  }
}

/** protobufjs keeps names as properties of objects, and loses this one. */
export function lostNameIn(files: readonly string[]): string | undefined {
  const file = files.find((each) => lineOf(each, /(?<!\w)__proto__(?!\w)/) !== undefined)
  if (file === undefined) return undefined
  return `${placeOf([file], /(?<!\w)__proto__(?!\w)/)}: the name __proto__ cannot be used in JavaScript; rename it, the bytes stay the same`
}

function missingFile(path: string, files: readonly string[]): string {
  const [main = ''] = files
  const imported = files
    .flatMap((file) => [...textOf(file).matchAll(/\bimport\s+(?:public\s+|weak\s+)?["']([^"']+)["']/g)])
    .map((match) => match[1] ?? '')
    .find((name) => path.endsWith(name.replace(/^(?:\.\.?\/)+/, '')))
  if (imported === undefined) return `there is no file ${main}`
  const place = placeOf(files, new RegExp(`["']${escaped(imported)}["']`))
  return `${place}: there is no file ${imported} to import: neither beside this one nor in the working folder`
}

function named(file: string, files: readonly string[]): string {
  return files.find((known) => file.endsWith(known)) ?? file
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
