import type { ComparedProgram } from './differential.ts'
import type { ModuleExports } from './exports.ts'
import type { SuiteCount } from './node-suite.ts'
import type { RefusalOutcome } from './refusals.ts'

export interface ConformanceReport {
  nodeVersion: string
  exports: ModuleExports[]
  refusals: RefusalOutcome[]
  programs: ComparedProgram[]
  /** Empty when Node's own suite was not at hand. */
  suite: SuiteCount[]
}

/** The report as `docs/conformance.md`. */
export function renderConformance(report: ConformanceReport): string {
  const { exports, programs, suite } = report
  const compared = sum(programs.map(({ lines }) => lines))
  const different = sum(programs.map((program) => program.different))
  return `# Conformance

Written by \`npx assay conformance --write\`; no line of it by hand. Node ${report.nodeVersion}.

- **Names**: every export of every public module, and the members of exported classes and plain objects, listed by one program
  on the pinned Node and in the sandbox: ${sum(exports.map(({ total }) => total))}. A missing one is absent here or of another type.
- **Lines**: what the programs of our differential tests print on both sides: ${programs.length} programs, ${compared} lines, ${different} different.
  A program counts for every module it loads.
- Generated event-loop programs and the packages of the catalog are compared by tests of their own (\`sandbox/test\`).
${suite.length === 0 ? '' : suiteSentence(suite)}
| module | names | missing | refused | programs | lines | different |${suite.length === 0 ? '' : " Node's tests | pass inside |"}
|---|--:|--:|---|--:|--:|--:|${suite.length === 0 ? '' : '--:|--:|'}
${exports.map((each) => row(each, report)).join('\n')}

## Refused on purpose

Each with the error that a program meets; the probe ran when this page was written.

| module | names | error | why |
|---|---|---|---|
${report.refusals
  .map(
    ({ refusal, got }) =>
      `| ${refusal.id} | ${refusal.names.map(code).join(' ')} | ${code(got)} | ${refusal.why} |`,
  )
  .join('\n')}

## Missing names

${missingList(exports)}
${suite.length === 0 ? '' : failedList(suite)}`
}

function row(module: ModuleExports, { refusals, programs, suite }: ConformanceReport): string {
  const own = programs.filter(({ modules }) => modules.includes(module.id))
  const names = refusals
    .filter(({ refusal }) => refusal.id === module.id)
    .flatMap(({ refusal }) => refusal.names)
  const refused = module.refusedWith === null ? names.map(code).join(' ') : 'the whole module'
  const cells = [
    module.id,
    module.total,
    module.missing.length,
    refused,
    own.length,
    sum(own.map(({ lines }) => lines)),
    sum(own.map(({ different }) => different)),
  ]
  const tested = suite.find(({ id }) => id === module.id)
  if (suite.length > 0) cells.push(tested?.native ?? '', tested?.inside ?? '')
  return `| ${cells.join(' | ')} |`
}

const code = (text: string) => `\`${text}\``
const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)

function suiteSentence(suite: SuiteCount[]): string {
  const native = sum(suite.map((each) => each.native))
  const inside = sum(suite.map((each) => each.inside))
  return `- **Node's tests**: \`test/parallel\` of Node's repository, unmodified, each test that passes on the pinned Node without flags:
  ${inside} of ${native} pass inside. They are run by \`npx assay conformance --node-tests DIR\`, not in \`npm test\`.
`
}

function missingList(exports: ModuleExports[]): string {
  const lines = exports
    .filter(({ missing }) => missing.length > 0)
    .map(({ id, missing }) => `- ${id}: ${missing.map(code).join(' ')}`)
  return lines.length === 0 ? 'None.' : lines.join('\n')
}

function failedList(suite: SuiteCount[]): string {
  const lines = suite
    .filter(({ failed }) => failed.length > 0)
    .map(({ id, failed }) => `- ${id}: ${failed.sort().map(code).join(' ')}`)
  return `
## Tests of Node's that do not pass inside

${lines.length === 0 ? 'None.' : lines.join('\n')}
`
}
