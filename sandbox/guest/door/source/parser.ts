import type { NodeFacts } from '../../../runtime/facts.ts'

/** A node of acorn's tree, as far as anything here looks at it. */
export interface SyntaxNode {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

interface Acorn {
  Parser: { parse(source: string, options: object): SyntaxNode }
}

let acorn: Acorn | undefined

/** Parses with the acorn that Node itself carries. @throws SyntaxError */
export function parseProgram(
  source: string,
  sourceType: 'script' | 'module',
  facts: NodeFacts,
): SyntaxNode {
  acorn ??= loadAcorn(facts)
  return acorn.Parser.parse(source, {
    ecmaVersion: 'latest',
    sourceType,
    allowReturnOutsideFunction: sourceType === 'script',
    allowHashBang: true,
    preserveParens: true,
  })
}

function loadAcorn(facts: NodeFacts): Acorn {
  const source = facts.source('internal/deps/acorn/acorn/dist/acorn')
  if (source === undefined) throw new Error('the pinned Node carries no acorn')
  const module = { exports: {} }
  // Node's own source, from the binary that runs this very process.
  new Function('exports', 'module', source)(module.exports, module)
  return module.exports as Acorn
}

/** Calls `visit` for every node; it answers false to stay out of a node's children. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => boolean): void {
  if (!visit(node)) return
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) walk(item, visit)
    } else if (isNode(value)) walk(value, visit)
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string'
  )
}

/** Where a module awaits outside any function, in order. Empty for what cannot be parsed. */
export function topLevelAwaits(source: string, facts: NodeFacts): SyntaxNode[] {
  let program: SyntaxNode
  try {
    program = parseProgram(source, 'module', facts)
  } catch {
    return []
  }
  const found: SyntaxNode[] = []
  walk(program, (node) => {
    if (/Function/.test(node.type)) return false
    const isAwait =
      node.type === 'AwaitExpression' ||
      (node.type === 'ForOfStatement' && node.await === true) ||
      (node.type === 'VariableDeclaration' && node.kind === 'await using')
    if (isAwait) found.push(node)
    return true
  })
  return found
}
