import type { CaseView } from './case-view.ts'

/** What stands between the reason and the first lines of what the program printed. */
const quoteMark = ':\n'

/** Node ends a fatal error with its version, which cases do not quote. */
const withoutVersion = (text: string): string =>
  text
    .trim()
    .replace(/\n\s*Node\.js v\S+$/, '')
    .trim()

/**
 * A case as it is shown beneath the error that kept the program from starting: where it only repeats that error, a
 * reference stands in its place. A case that failed for another reason stays as it is.
 *
 * @param bootError text of the error that the page shows above the cases, if there is one
 */
export function referToBootError<T extends Pick<CaseView, 'failure' | 'log'>>(
  one: T,
  bootError: string | null | undefined,
): T {
  const shown = withoutVersion(bootError ?? '')
  if (shown === '') return one
  const log = withoutVersion(one.log) === shown ? '' : one.log
  const { failure } = one
  const [reason = '', ...rest] = failure?.message.split(quoteMark) ?? []
  const quoted = withoutVersion(rest.join(quoteMark))
  if (failure === undefined || quoted === '' || !shown.startsWith(quoted)) return { ...one, log }
  const { stack, ...facts } = failure
  const hasOwnStack = stack !== undefined && !stack.includes(quoted)
  return {
    ...one,
    log,
    failure: {
      ...facts,
      message: `${reason}: see the error above`,
      ...(hasOwnStack && { stack }),
    },
  }
}
