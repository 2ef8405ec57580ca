/**
 * What each program prints to standard output, one string per line, in order.
 * `why` is for the people who read your work: a sentence on the rule that decided. It is not scored.
 */
export const predictions = {
  '01-ticks-and-promises.cjs': {
    lines: [],
    why: '',
  },
  '02-timers.cjs': {
    lines: [],
    why: '',
  },
  '03-async-functions.cjs': {
    lines: [],
    why: '',
  },
  '04-input-and-immediates.cjs': {
    lines: [],
    why: '',
  },
  '05-module-entry.mjs': {
    lines: [],
    why: '',
  },
}
