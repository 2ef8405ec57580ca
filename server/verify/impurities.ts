import { parseSync } from 'vite'
import type { FileTree } from '../grading/engine.ts'

/** A node of the syntax tree: what is read from it is looked at first. */
type Node = Record<string, unknown> & { type: string; start: number }

/** What reads something that the next run reads otherwise. Timers are not among them: in the judge they are virtual. */
const impureMembers: Record<string, string> = {
  'Date.now': 'use clock from assay',
  'Math.random': 'use random from assay',
  'performance.now': 'use clock from assay',
}
const theDate = 'the real date (use clock from assay)'
const networkAdvice = 'use supertest or net from assay'
const networkModules = new Set([
  'dgram',
  'dns',
  'dns/promises',
  'http',
  'http2',
  'https',
  'net',
  'tls',
  'undici',
])

/**
 * Constructs of a suite whose result it could not repeat: the real clock, randomness and network. The text is parsed,
 * so that strings (programs a suite lays over the submission are ones) and comments do not count, and neither do probes:
 * `candidate.evaluate` runs those in the guest, where time is virtual. Names that a file gives to other things are not
 * followed.
 * @returns one line per place, such as `api.ts:12 uses Date.now (use clock from assay)`
 */
export function impurities(suite: FileTree): string[] {
  return Object.entries(suite)
    .filter(([path]) => /\.[cm]?[jt]s$/.test(path))
    .flatMap(([path, text]) => {
      const { program, errors } = parseSync(path, text)
      const [error] = errors
      if (error) return [`${path} does not parse: ${error.message}`]
      const probes = probesOf(program)
      const found: { at: number; what: string }[] = []
      walk(program, (node) => {
        if (probes.has(node)) return false
        const what = impurityOf(node)
        if (what !== null) found.push({ at: node.start, what })
        return true
      })
      return found.map(({ at, what }) => `${path}:${lineOf(text, at)} uses ${what}`)
    })
}

/** Every function that the file hands to `candidate.evaluate`, in place or by its name. */
function probesOf(program: unknown): Set<Node> {
  const candidates = new Set<unknown>()
  const functions = new Map<unknown, Node>()
  const handed: Node[] = []
  walk(program, (node) => {
    if (node.type === 'ImportDeclaration' && literalOf(node.source) === 'assay') {
      for (const specifier of nodesOf(node.specifiers)) {
        if (nameOf(specifier.imported) === 'candidate') candidates.add(nameOf(specifier.local))
      }
    }
    if (node.type === 'VariableDeclarator' && isFunction(node.init)) {
      functions.set(nameOf(node.id), node.init)
    }
    if (node.type === 'FunctionDeclaration') functions.set(nameOf(node.id), node)
    const [first] = nodesOf(node.arguments)
    if (node.type === 'CallExpression' && first && isEvaluate(node.callee, candidates)) {
      handed.push(first)
    }
    return true
  })
  return new Set(handed.map((node) => functions.get(nameOf(node)) ?? node).filter(isFunction))
}

const isEvaluate = (callee: unknown, candidates: ReadonlySet<unknown>) =>
  isNode(callee) &&
  callee.type === 'MemberExpression' &&
  propertyOf(callee) === 'evaluate' &&
  candidates.has(nameOf(callee.object))

function impurityOf(node: Node): string | null {
  switch (node.type) {
    case 'MemberExpression':
      return adviceOn(`${globalOf(node.object)}.${propertyOf(node)}`)
    case 'VariableDeclarator': {
      const pattern = node.id
      if (!isNode(pattern) || pattern.type !== 'ObjectPattern') return null
      const taken = nodesOf(pattern.properties).map((property) => nameOf(property.key))
      const all = taken.map((name) => adviceOn(`${globalOf(node.init)}.${name}`))
      return all.find((advice) => advice !== null) ?? null
    }
    case 'NewExpression':
      return globalOf(node.callee) === 'Date' && nodesOf(node.arguments).length === 0
        ? theDate
        : null
    case 'CallExpression':
      if (globalOf(node.callee) === 'fetch') return `fetch (${networkAdvice})`
      // Called, it tells the time whatever it is given.
      if (globalOf(node.callee) === 'Date') return theDate
      return nameOf(node.callee) === 'require' ? adviceOnModule(nodesOf(node.arguments)[0]) : null
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return isTypeOnly(node) ? null : adviceOnModule(node.source)
    case 'ImportExpression':
      return adviceOnModule(node.source)
    default:
      return null
  }
}

function adviceOn(member: string): string | null {
  return Object.hasOwn(impureMembers, member) ? `${member} (${impureMembers[member]})` : null
}

function adviceOnModule(source: unknown): string | null {
  const name = literalOf(source)
  if (typeof name !== 'string' || !networkModules.has(name.replace(/^node:/, ''))) return null
  return `${name} (${networkAdvice})`
}

function isTypeOnly(node: Node): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true
  const kinds = nodesOf(node.specifiers).map((each) => each.importKind ?? each.exportKind)
  return kinds.length > 0 && kinds.every((kind) => kind === 'type')
}

/** The name of a global, also when it is reached through `globalThis`. */
function globalOf(node: unknown): string | null {
  if (!isNode(node)) return null
  if (node.type === 'Identifier') return nameOf(node)
  const isOfGlobal = node.type === 'MemberExpression' && nameOf(node.object) === 'globalThis'
  return isOfGlobal ? propertyOf(node) : null
}

/** `x.name` and `x['name']` alike. */
function propertyOf({ property, computed }: Node): string | null {
  const name = computed === true ? literalOf(property) : nameOf(property)
  return typeof name === 'string' ? name : null
}

const nameOf = (node: unknown): string | null =>
  isNode(node) && node.type === 'Identifier' && typeof node.name === 'string' ? node.name : null

const literalOf = (node: unknown): unknown =>
  isNode(node) && node.type === 'Literal' ? node.value : undefined

const isFunction = (node: unknown): node is Node =>
  isNode(node) &&
  ['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration'].includes(node.type)

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value

const nodesOf = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : [])

/** Calls `visit` on every node from the outside in; false leaves what is inside unvisited. */
function walk(value: unknown, visit: (node: Node) => boolean): void {
  if (typeof value !== 'object' || value === null) return
  if (isNode(value) && !visit(value)) return
  for (const inner of Object.values(value)) walk(inner, visit)
}

const lineOf = (text: string, at: number) => text.slice(0, at).split('\n').length
