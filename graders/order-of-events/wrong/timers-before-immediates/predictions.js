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
      'tick',
      'tick from tick',
      'promise',
      'second promise',
      'microtask',
      'promise from tick',
      'microtask from promise',
      'tick from promise',
    ],
    why: 'After the script the tick queue empties first, then all microtasks, then new ticks.',
  },
  '02-timers.cjs': {
    lines: ['first', 'tick', 'promise', 'second', 'beat 1', 'beat 2', 'exit'],
    why: '0 ms means 1 ms, so both keep their order; ticks and microtasks run between two timers.',
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
      'tick',
      'promise',
      'timeout',
      'promise from timeout',
      'immediate 1',
      'tick from immediate',
      'promise from immediate',
      'immediate 2',
      'immediate from timeout',
    ],
    why: 'A timer of 0 ms is the soonest.',
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
