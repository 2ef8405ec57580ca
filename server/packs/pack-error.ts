export interface PackProblem {
  /** Relative to the pack's root, forward slashes. */
  file: string
  /** `requirements.0.points`, or empty for the whole file. */
  key: string
  expected: string
  got: string
}

/** Thrown with every problem of one pack or challenge at once. */
export class PackError extends Error {
  override name = 'PackError'
  readonly problems: readonly PackProblem[]

  constructor(problems: readonly PackProblem[]) {
    super(
      problems
        .map(
          ({ file, key, expected, got }) =>
            `${file}${key && ` ${key}`}: expected ${expected}, got ${got}`,
        )
        .join('\n'),
    )
    this.problems = problems
  }
}

/** A short quote of a wrong value for a message. */
export const quote = (value: unknown) => {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
