import { booleanOption, functionOption, optionsAt, stringArgument } from './arguments.ts'
import type { Connection } from './connection.ts'
import { invalidType } from './errors.ts'

const encodings = { utf8: 1, deterministic: 0x800, directOnly: 0x80000 }

/** `database.function(name[, options], fn)`. */
export function defineFunction(connection: Connection, args: unknown[]): void {
  const { at, library, engine } = connection
  const name = stringArgument(args[0], 'name')
  const options = args.length < 3 ? undefined : optionsAt(args, 1)
  const asBigInt = booleanOption(options, 'useBigIntArguments', false)
  const varargs = booleanOption(options, 'varargs', false)
  const deterministic = booleanOption(options, 'deterministic', false)
  const directOnly = booleanOption(options, 'directOnly', false)
  const run = functionOption(args[args.length < 3 ? 1 : 2], 'function')
  const encoding =
    encodings.utf8 |
    (deterministic ? encodings.deterministic : 0) |
    (directOnly ? encodings.directOnly : 0)
  const { call, callbacks } = library
  const id = engine.register({ kind: 'function', run, asBigInt })
  const count = varargs ? -1 : run.length
  connection.check(
    library.withCopies([name], (text) =>
      call.sqlite3_create_function_v2(
        ...[at, text, count, encoding, id, callbacks.onFunction, 0, 0, callbacks.onDestroy],
      ),
    ),
  )
}

/** `database.aggregate(name, options)`: with `inverse` it can be used over windows too. */
export function defineAggregate(connection: Connection, args: unknown[]): void {
  const { at, library, engine } = connection
  const name = String(args[0])
  const options = args[1] as Record<string, unknown>
  const start = options.start
  if (start === undefined) {
    throw invalidType('The "options.start" argument must be a function or a primitive value.')
  }
  const step = functionOption(options.step, 'options.step')
  const { result } = options
  const asBigInt = booleanOption(options, 'useBigIntArguments', false)
  const varargs = booleanOption(options, 'varargs', false)
  const directOnly = booleanOption(options, 'directOnly', false)
  const inverse =
    options.inverse === undefined ? undefined : functionOption(options.inverse, 'options.inverse')
  // The running value comes before the arguments.
  const count = varargs ? -1 : Math.max(step.length - 1, (inverse ?? step).length - 1, 0)
  const encoding = encodings.utf8 | (directOnly ? encodings.directOnly : 0)
  const { call, callbacks } = library
  const id = engine.register({
    kind: 'aggregate',
    start,
    step,
    inverse,
    result: typeof result === 'function' ? (result as typeof step) : undefined,
    asBigInt,
  })
  const overWindows = inverse === undefined ? [0, 0] : [callbacks.onValue, callbacks.onInverse]
  const { onStep, onFinal, onDestroy } = callbacks
  connection.check(
    library.withCopies([name], (text) =>
      call.sqlite3_create_window_function(
        ...[at, text, count, encoding, id, onStep, onFinal, ...overWindows, onDestroy],
      ),
    ),
  )
}
