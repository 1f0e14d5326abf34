/**
 * The bans of the design (section 3): inside `core`, `recording` and `sim` there is no ambient time, randomness, I/O or promise,
 * or equal seeds would not give equal runs. Works on the syntax tree, so that comments, strings and property names
 * (`server.process`) are no false alarms.
 *
 * Left out: who may import whom, `node:*` included, which dependency-cruiser checks.
 */
import ts from 'typescript'

export interface Ban {
  readonly line: number
  readonly column: number
  /** What is banned, and what to do instead. */
  readonly message: string
}

const inject = 'take a Clock, a Random or a Network (core/injected.ts)'

const bannedGlobals: ReadonlyMap<string, string> = new Map([
  ...['Date', 'performance', 'setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'].map(
    (name) => [name, `time comes from the injected Clock`] as const,
  ),
  ...['setImmediate', 'clearImmediate', 'queueMicrotask', 'requestAnimationFrame'].map(
    (name) => [name, 'a turn and the event queue say what runs next'] as const,
  ),
  ...['crypto', 'process', 'fetch', 'console', 'WebSocket', 'XMLHttpRequest', 'navigator', 'localStorage'].map(
    (name) => [name, inject] as const,
  ),
  ...['Promise', 'Worker', 'MessageChannel', 'Atomics', 'SharedArrayBuffer'].map(
    (name) => [name, 'everything is synchronous here'] as const,
  ),
  ['Buffer', 'use Uint8Array and DataView'],
  ['Intl', 'it depends on the locale and on the engine'],
  ['WeakRef', 'garbage collection must not show'],
  ['FinalizationRegistry', 'garbage collection must not show'],
  ['globalThis', 'it reaches every other banned name'],
  ['require', inject],
  ['eval', 'static code only'],
  ['Function', 'static code only'],
])

/** It may use `console`: it tells of an `onReport` that throws, whose server must go on. */
const LAST_RESORT = 'core/write-to-console.ts'

/** `Math.abs`, `floor`, `imul`, `sqrt` and the like are exact; these differ between engines. */
const bannedMath: ReadonlySet<string> = new Set(
  (
    'acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot ' +
    'log log10 log1p log2 pow sin sinh tan tanh'
  ).split(' '),
)

const bannedMethods: ReadonlyMap<string, string> = new Map(
  ['localeCompare', 'toLocaleString', 'toLocaleLowerCase', 'toLocaleUpperCase', 'toLocaleDateString'].map((name) => [
    name,
    'it depends on the locale: compare with < and >',
  ]),
)

/** Every use of something banned in `source`; `file` (relative, with slashes) decides about the exceptions. */
export function findBans(file: string, source: string): readonly Ban[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  const atWireLevel = file.startsWith('sim/wire/')
  const bans: Ban[] = []
  visit(tree)
  return bans

  function visit(node: ts.Node): void {
    const message = judge(node, file, atWireLevel)
    if (message !== undefined) report(node, message)
    ts.forEachChild(node, visit)
  }

  function report(node: ts.Node, message: string): void {
    const { line, character } = tree.getLineAndCharacterOfPosition(node.getStart(tree))
    bans.push({ line: line + 1, column: character + 1, message })
  }
}

/** The places of `setImmediate` in a file of `sim/wire/`: the drain needs one, and only one (design section 3). */
export function countRealSetImmediates(file: string, source: string): number {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  let count = 0
  visit(tree)
  return count

  function visit(node: ts.Node): void {
    if (ts.isIdentifier(node) && node.text === 'setImmediate' && isReference(node)) count += 1
    ts.forEachChild(node, visit)
  }
}

function judge(node: ts.Node, file: string, atWireLevel: boolean): string | undefined {
  if (ts.isIdentifier(node)) return judgeIdentifier(node, file, atWireLevel)
  if (ts.isPropertyAccessExpression(node)) return judgeProperty(node.expression, node.name.text)
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return judgeProperty(node.expression, node.argumentExpression.text)
  }
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return '`async`: everything is synchronous here'
  if (ts.isAwaitExpression(node)) return '`await`: everything is synchronous here'
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return '`import()`: it is a promise; import statically'
  }
  if (ts.isForInStatement(node)) return '`for … in`: iterate a Map, a Set or an array, whose order is that of insertion'
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken) {
    const isConstant = ts.isNumericLiteral(node.left) && ts.isNumericLiteral(node.right)
    return isConstant ? undefined : '`**` on variables differs between engines: use integers and tables'
  }
  return undefined
}

function judgeIdentifier(node: ts.Identifier, file: string, atWireLevel: boolean): string | undefined {
  const reason = bannedGlobals.get(node.text)
  if (reason === undefined || !isReference(node)) return undefined
  if (file === LAST_RESORT && node.text === 'console') return undefined
  // One setImmediate in all of sim/wire/ is allowed; the caller counts them.
  if (atWireLevel && (node.text === 'Buffer' || node.text === 'setImmediate')) return undefined
  return `\`${node.text}\`: ${reason}`
}

function judgeProperty(object: ts.Expression, name: string): string | undefined {
  if (ts.isIdentifier(object) && object.text === 'Math') {
    if (name === 'random') return '`Math.random`: randomness comes from the injected Random'
    if (bannedMath.has(name)) return `\`Math.${name}\` differs between engines: use an integer table`
  }
  const reason = bannedMethods.get(name)
  return reason === undefined ? undefined : `\`${name}\`: ${reason}`
}

/** Whether the identifier can mean the global (as a value or a type), and is not the name of a property or a member. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isQualifiedName(parent)) return parent.left === node
  // Renaming on import does not hide it.
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent)) return true
  if (ts.isExportSpecifier(parent)) return (parent.propertyName ?? parent.name) === node
  if (ts.isBindingElement(parent)) return parent.propertyName !== node
  if (ts.isPropertyAssignment(parent) || ts.isEnumMember(parent)) return parent.name !== node
  const isMember = ts.isClassElement(parent) || ts.isTypeElement(parent) || ts.isObjectLiteralElement(parent)
  if (isMember && parent.name === node) return ts.isShorthandPropertyAssignment(parent)
  if (ts.isNamedTupleMember(parent)) return parent.name !== node
  // A label of a parameter in a type (`(process: X) => void`) names nothing that runs.
  return !(ts.isParameter(parent) && parent.name === node && ts.isFunctionTypeNode(parent.parent))
}
