import type { NodeFacts } from '../../../runtime/facts.ts'
import { parseProgram, type SyntaxNode } from './parser.ts'

/**
 * What instrumented code calls, in the order of its one parameter's properties. V8 carries the asynchronous context over
 * a native `await` where no script can reach it; here every `await` is given the value it awaits untouched, remembers
 * the context just before it suspends and puts it back just after it resumes, so neither order nor ticks change.
 */
export const contextNames = {
  /** The context now. */
  get: 'ctx$G',
  set: 'ctx$S',
  /** Stands for: not suspended. */
  none: 'ctx$N',
  /** Gives back its first argument. */
  pass: 'ctx$L',
  /** Gives back its first argument after setting the context to its second. */
  resume: 'ctx$R',
  /** Wraps what `for await` iterates so that a function runs before each step. */
  iterate: 'ctx$W',
} as const

/** `{ get: ctx$G, … }`: the pattern that brings the names into scope. */
export const contextPattern = `{ ${Object.entries(contextNames)
  .map(([key, name]) => `${key}: ${name}`)
  .join(', ')} }`

const { get, set, none, pass, resume, iterate } = contextNames
/** The variable of each function invocation. A function's awaits never overlap, so one is enough. */
const own = 'ctx$c'
const declare = `let ${own} = ${none};`
const restore = `if (${own} !== ${none}) { ${set}(${own}); ${own} = ${none} }`

/** A program that never speaks of it has no asynchronous context to lose. */
export function mentionsAsyncContext(source: string): boolean {
  return /\bAsyncLocalStorage\b|\basync_hooks\b/.test(source)
}

/**
 * Instruments every `await` and `for await`. Line numbers stay; columns after an `await` move.
 * @returns the source as it is when it has none, or cannot be parsed (V8 then says why)
 */
export function instrumentAwaits(
  source: string,
  sourceType: 'script' | 'module',
  facts: NodeFacts,
): string {
  if (!/\bawait\b/.test(source)) return source
  let program: SyntaxNode
  try {
    program = parseProgram(source, sourceType, facts)
  } catch {
    return source
  }
  const edits = new Edits()
  const isAsync = sourceType === 'module' && containsAwait(program)
  if (isAsync) edits.open(0, declare)
  visitChildren(program, edits, isAsync)
  return edits.apply(source)
}

/** Insertions by position. Told from the outside in: what opens later at a place comes after, what closes later before. */
class Edits {
  #at = new Map<number, { opening: string[]; closing: string[] }>()

  open(position: number, text: string): void {
    this.#place(position).opening.push(text)
  }

  close(position: number, text: string): void {
    this.#place(position).closing.unshift(text)
  }

  apply(source: string): string {
    let text = ''
    let from = 0
    for (const [position, { opening, closing }] of [...this.#at].sort(([a], [b]) => a - b)) {
      text += source.slice(from, position) + closing.join('') + opening.join('')
      from = position
    }
    return text + source.slice(from)
  }

  #place(position: number) {
    let place = this.#at.get(position)
    if (place === undefined) {
      place = { opening: [], closing: [] }
      this.#at.set(position, place)
    }
    return place
  }
}

/** `isInstrumented`: this is the own code of a function, or of a module, that awaits. */
function visit(
  node: SyntaxNode,
  edits: Edits,
  isInstrumented: boolean,
  parent: SyntaxNode | null,
): void {
  if (/^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) {
    visitFunction(node, edits)
    return
  }
  if (isInstrumented) instrument(node, edits, parent)
  visitChildren(node, edits, isInstrumented)
}

function instrument(node: SyntaxNode, edits: Edits, parent: SyntaxNode | null): void {
  if (node.type === 'AwaitExpression') instrumentAwait(node, edits)
  if (node.type === 'ForOfStatement' && node.await === true) instrumentLoop(node, edits, parent)
  // An await that rejects resumes in a handler.
  if (node.type === 'CatchClause') edits.open((node.body as SyntaxNode).start + 1, restore)
  if (node.type === 'TryStatement' && node.finalizer !== null) {
    edits.open((node.finalizer as SyntaxNode).start + 1, restore)
  }
}

function visitChildren(node: SyntaxNode, edits: Edits, isInstrumented: boolean): void {
  for (const value of Object.values(node)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (isNode(item)) visit(item, edits, isInstrumented, node)
    }
  }
}

function visitFunction(node: SyntaxNode, edits: Edits): void {
  for (const param of node.params as SyntaxNode[]) visit(param, edits, false, node)
  const body = node.body as SyntaxNode
  const isInstrumented = node.async === true && containsAwait(body)
  const isBlock = body.type === 'BlockStatement'
  if (isInstrumented) {
    const position = isBlock ? afterDirectives(body) : body.start
    edits.open(position, isBlock ? `;${declare}` : `{ ${declare} return (`)
    if (!isBlock) edits.close(body.end, ') }')
  }
  visit(body, edits, isInstrumented, node)
}

function afterDirectives(body: SyntaxNode): number {
  let end = body.start + 1
  for (const statement of body.body as SyntaxNode[]) {
    if (typeof statement.directive !== 'string') break
    end = statement.end
  }
  return end
}

/** Whether a function's own code awaits, not that of functions inside it. */
function containsAwait(node: SyntaxNode): boolean {
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await === true)) {
    return true
  }
  return Object.values(node).some((value) =>
    (Array.isArray(value) ? value : [value]).some(
      (item) => isNode(item) && !/Function/.test(item.type) && containsAwait(item),
    ),
  )
}

/** `await x` → `resume(await pass((x), own = get()), own, own = none)`. */
function instrumentAwait(node: SyntaxNode, edits: Edits): void {
  const argument = node.argument as SyntaxNode
  edits.open(node.start, `${resume}(`)
  edits.close(node.end, `, ${own}, ${own} = ${none})`)
  // Minified code writes `await(x)`, and `of[x]` in a loop's head.
  edits.open(argument.start, ` ${pass}((`)
  edits.close(argument.end, `), ${own} = ${get}())`)
}

/** `for await (const x of y) z` → `for await (const x of iterate((y), () => { own = get() })) { restore z } restore`. */
function instrumentLoop(node: SyntaxNode, edits: Edits, parent: SyntaxNode | null): void {
  const right = node.right as SyntaxNode
  const body = node.body as SyntaxNode
  const isInList =
    parent !== null && /^(?:BlockStatement|Program|StaticBlock|SwitchCase)$/.test(parent.type)
  if (isInList) edits.close(node.end, ` ${restore}`)
  edits.open(right.start, ` ${iterate}((`)
  edits.close(right.end, `), () => { ${own} = ${get}() })`)
  if (body.type === 'BlockStatement') edits.open(body.start + 1, restore)
  else {
    edits.open(body.start, `{ ${restore} `)
    edits.close(body.end, ' }')
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as SyntaxNode).type === 'string' &&
    typeof (value as SyntaxNode).start === 'number'
  )
}
