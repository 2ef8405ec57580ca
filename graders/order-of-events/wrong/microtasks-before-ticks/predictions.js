/**
 * What each program prints to standard output, one string per line, in order.
 * `why` is for the people who read your work: a sentence on the rule that decided. It is not scored.
 */
export const predictions = {
  '01-ticks-and-promises.cjs': {
    lines: [
      'start',
      'executor',
      'end',
      'promise',
      'second promise',
      'microtask',
      'microtask from promise',
      'tick',
      'tick from promise',
      'promise from tick',
      'tick from tick',
    ],
    why: 'Promises first, then ticks.',
  },
  '02-timers.cjs': {
    lines: ['first', 'promise', 'tick', 'second', 'beat 1', 'beat 2', 'exit'],
    why: 'Promises first, then ticks.',
  },
  '03-async-functions.cjs': {
    lines: [
      'begin',
      'greet',
      'load user',
      'finish',
      'hello ada',
      'plain 1',
      'greeted',
      'plain 2',
      'caught',
      'wrapped',
      'plain 3',
      'finally',
    ],
    why: 'Returning a promise from an async function takes three microtasks, a plain value one.',
  },
  '04-input-and-immediates.cjs': {
    lines: [
      'main',
      'file read',
      'promise',
      'tick',
      'immediate 1',
      'promise from immediate',
      'tick from immediate',
      'immediate 2',
      'timeout',
      'promise from timeout',
      'immediate from timeout',
    ],
    why: 'Promises first, then ticks.',
  },
  '05-module-entry.mjs': {
    lines: [
      'body',
      'promise',
      'after await',
      'late microtask',
      'tick',
      'late tick',
      'immediate',
      'exit',
    ],
    why: 'A module body already runs in a microtask, so that queue empties before the first tick.',
  },
}
