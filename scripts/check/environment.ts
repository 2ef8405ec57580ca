import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listSourceFiles } from './source-files.ts'

const extensions = ['.ts', '.tsx', '.mts', '.mjs', '.cjs']

/** Who may touch `process.env`, and why it is no setting of Assay. */
const readers: Record<string, string> = {
  'server/config.ts': 'reads every setting, once, at the start',
  'server/cli/exec.ts': 'shows a program the variables that --expose-env names',
  'kit/native/kit.ts': 'runs where no server is: told by the Vitest configuration of native suites',
  'kit/native/preload.ts': "runs inside a candidate's program and reads that program's PORT",
  'scripts/bootstrap/hand-over.mjs': 'hands the environment on',
  'scripts/bootstrap/install.mjs': 'hands the environment on to npm',
  'scripts/bootstrap/web-build.mjs': 'hands the environment on to the build',
  'server/grading/test/attacks/bait.ts': 'plants a secret there that no program may see',
  'e2e/browser.ts': 'hands the environment on to a browser',
}

/** Tests, and programs that are run rather than part of Assay. */
const isForeign = (path: string) =>
  /\.test\.(ts|tsx|mjs)$|^server\/testing\/|^challenges\/|^graders\/|(^|\/)fixtures\//.test(path)

/** Texts of programs and comments name the environment without reading it. */
const withoutTexts = (source: string) =>
  source
    .replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''")

/** Does this source read, write or hand on the environment of its own process? */
export const touchesEnvironment = (source: string) =>
  /\bprocess\s*\.\s*env\b|\bimport\.meta\.env\b/.test(withoutTexts(source))

/** One line per file that touches the environment without being named here, or the other way round. */
export const checkEnvironment = (root: string): string[] => {
  const found = listSourceFiles(root, extensions).filter(
    (path) => !isForeign(path) && touchesEnvironment(readFileSync(join(root, path), 'utf8')),
  )
  return [
    ...found
      .filter((path) => !Object.hasOwn(readers, path))
      .map((path) => `${path}: expected its settings as arguments, got process.env`),
    ...Object.keys(readers)
      .filter((path) => !found.includes(path))
      .map((path) => `${path}: expected a reader of the environment, it is none any more`),
  ]
}
