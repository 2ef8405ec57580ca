import { boundaryRules } from './boundary-rules.ts'
import { findCycles } from './cycles.ts'
import { type Import, readImportGraph } from './import-graph.ts'
import { listSourceFiles } from './source-files.ts'

const extensions = ['.ts', '.tsx', '.mts', '.mjs', '.cjs']

/** Programs of candidates and authors, not parts of Assay; grader suites are checked. */
const isForeign = (path: string) =>
  /^challenges\/[^/]+\/starter\/|^graders\/[^/]+\/(solution|wrong)\/|(^|\/)fixtures\//.test(path)

/** One line per import that breaks a rule and per circle of imports; empty when all is well. */
export const findBoundaryProblems = (imports: readonly Import[]): string[] => {
  const broken = boundaryRules.flatMap((rule) =>
    imports
      .filter(rule.isBroken)
      .map(({ from, to }) => `${from} -> ${to}\n    ${rule.name}: ${rule.why}`),
  )
  const circles = findCycles(imports.filter((each) => !each.isPackage && !each.isTypeOnly)).map(
    (circle) =>
      `${circle.join(' -> ')}\n    no-circles: files that need each other are one file, or hide a third`,
  )
  return [...broken, ...circles]
}

export const checkBoundaries = (root: string): string[] => {
  const files = listSourceFiles(root, extensions).filter((path) => !isForeign(path))
  return findBoundaryProblems(readImportGraph(root, files))
}
