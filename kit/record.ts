import type { Kit } from './types.ts'

/** The part of Vitest's `describe` the recorder needs, so that the judge can hand in its own. */
export interface Describe {
  (name: string, define: () => void): void
  skip(name: string, define: () => void): void
}

const requirementId = /^R[1-9][0-9]?$/

/**
 * The two grouping verbs of the kit, over a `describe`.
 *
 * `requirement(id, fn)` is `describe(id, fn)`: the first element of a test's title path is the id of
 * the requirement it belongs to, and that is how every reader (the judge, Vitest's own reporters)
 * learns it. Requirements do not nest, so a test belongs to exactly one.
 */
export function createRecorder(
  describe: Describe,
  environment: { isSandbox: boolean },
): Pick<Kit, 'requirement' | 'sandboxOnly'> {
  let current: string | null = null
  return {
    requirement(id, define) {
      if (!requirementId.test(id)) {
        throw new Error(`A requirement id looks like R1 to R99, got '${id}'`)
      }
      if (current !== null) {
        throw new Error(`Requirement ${id} stands inside ${current}: requirements do not nest`)
      }
      describe(id, () => {
        current = id
        try {
          define()
        } finally {
          current = null
        }
      })
    },
    sandboxOnly(define) {
      if (environment.isSandbox) define()
      else describe.skip('sandbox only', define)
    },
  }
}
