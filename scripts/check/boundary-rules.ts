import type { Import } from './import-graph.ts'

export interface BoundaryRule {
  name: string
  why: string
  isBroken: (found: Import) => boolean
}

const isTest = (path: string) => /\.test\.tsx?$/.test(path) || path.startsWith('server/testing/')

/** The first folder of a path: `server` of `server/app.ts`, empty for a file at the top. */
const roomOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')

/** `runs` of `server/modules/runs/store.ts`. */
const moduleOf = (path: string) => /^server\/modules\/([^/]+)\//.exec(path)?.[1]

const featureOf = (path: string) => /^web\/src\/features\/([^/]+)\//.exec(path)?.[1]

/** A rule that a room of the house imports, of our own files, only what lies in `allowed`. */
const onlyImports = (room: string, allowed: readonly string[], why: string): BoundaryRule => ({
  name: `${room}-imports-${allowed.length === 0 ? 'nothing-of-ours' : `only-${allowed.join('-')}`}`,
  why,
  isBroken: ({ from, to, isPackage }) =>
    !isPackage && roomOf(from) === room && roomOf(to) !== room && !allowed.includes(roomOf(to)),
})

/** What may import what; ARCHITECTURE.md says it in prose. Type imports count, unless a rule says otherwise. */
export const boundaryRules: readonly BoundaryRule[] = [
  onlyImports(
    'sandbox',
    [],
    'it runs untrusted programs and knows no challenge, user, API or database',
  ),
  onlyImports('contract', [], 'it is what server and web share, and must load in both'),
  onlyImports(
    'kit',
    ['contract'],
    'suites load it in a judge, where neither server nor sandbox exists',
  ),
  onlyImports('web', ['contract'], 'nothing of the server or of a grader may end in a browser'),
  onlyImports(
    'server',
    ['contract', 'kit', 'sandbox'],
    'the server is not built from pages, tests or scripts',
  ),
  {
    name: 'web-takes-only-types-from-contract',
    why: 'schemas are checked on the server; they must not cost a browser anything',
    isBroken: ({ from, to, isTypeOnly }) =>
      roomOf(from) === 'web' && roomOf(to) === 'contract' && !isTypeOnly && !isTest(from),
  },
  {
    name: 'graders-stay-secret',
    why: 'hidden suites are read as files by the judge; code that imports one could carry it anywhere',
    isBroken: ({ from, to, isPackage }) =>
      !isPackage && roomOf(to) === 'graders' && roomOf(from) !== 'graders',
  },
  {
    name: 'candidate-routes-know-no-grader',
    why: 'what no candidate may read must not be one call away from what a candidate calls',
    isBroken: ({ from, to }) =>
      from.startsWith('server/routes/candidate/') &&
      !isTest(from) &&
      /^server\/(verify|grading\/judge)\//.test(to),
  },
  {
    name: 'routes-use-services',
    why: 'rules live in services; a route that reads a store goes around them',
    isBroken: ({ from, to }) =>
      from.startsWith('server/routes/') &&
      !isTest(from) &&
      (/^server\/modules\/[^/]+\/store\.ts$/.test(to) || to.startsWith('server/infra/schema/')),
  },
  {
    name: 'modules-use-services',
    why: "a module's tables are its own; others ask its service",
    isBroken: ({ from, to }) =>
      moduleOf(from) !== undefined &&
      moduleOf(to) !== undefined &&
      moduleOf(from) !== moduleOf(to) &&
      !isTest(from) &&
      to.endsWith('/store.ts'),
  },
  {
    name: 'features-do-not-meet',
    why: 'what two features need belongs into ui, lib or live',
    isBroken: ({ from, to }) =>
      featureOf(from) !== undefined &&
      featureOf(to) !== undefined &&
      featureOf(from) !== featureOf(to),
  },
  {
    name: 'imports-exist',
    why: 'the file an import names is not there',
    isBroken: ({ to, isPackage }) => !isPackage && to.endsWith(' (missing)'),
  },
]
