import { isObject } from './arguments.ts'
import type { Connection, StatementOptions } from './connection.ts'
import { invalidState } from './errors.ts'
import { bindValue } from './values.ts'

/** Binds what a statement is called with: an object of named parameters first if there is one, then the rest in order. */
export function bindParameters(
  connection: Connection,
  at: number,
  options: StatementOptions,
  args: unknown[],
): void {
  const { library } = connection
  const { call } = library
  const bind = (index: number, value: unknown) =>
    connection.check(bindValue(library, at, index, value))
  connection.check(call.sqlite3_clear_bindings(at))
  let first = 0
  if (isObject(args[0]) && !ArrayBuffer.isView(args[0])) {
    first = 1
    bindNamed(connection, at, options, args[0], bind)
  }
  let index = 1
  for (let i = first; i < args.length; i++) {
    while (isNamed(library.text(call.sqlite3_bind_parameter_name(at, index)))) index++
    bind(index++, args[i])
  }
}

/** `?` has no name, and `?1` is a number. */
const isNamed = (name: string | null) => name !== null && name[0] !== '?'

function bindNamed(
  { library }: Connection,
  at: number,
  options: StatementOptions,
  values: Record<string, unknown>,
  bind: (index: number, value: unknown) => void,
): void {
  const indexOf = (name: string) =>
    library.withCopies([name], (text) => library.call.sqlite3_bind_parameter_index(at, text))
  const bareNames = options.allowBareNamedParameters ? bareNamesOf(library, at) : {}
  for (const key of Object.keys(values)) {
    const fullName = bareNames[key]
    const index = indexOf(key) || (fullName === undefined ? 0 : indexOf(fullName))
    if (index !== 0) bind(index, values[key])
    else if (!options.allowUnknownNamedParameters) {
      throw invalidState(`Unknown named parameter '${key}'`)
    }
  }
}

/** Full names (`:a`) by bare ones (`a`). */
function bareNamesOf({ call, text }: Connection['library'], at: number): Record<string, string> {
  const names = Object.create(null) as Record<string, string>
  const count = call.sqlite3_bind_parameter_count(at)
  for (let i = 1; i <= count; i++) {
    const name = text(call.sqlite3_bind_parameter_name(at, i))
    if (name === null) continue
    const bare = name.slice(1)
    const known = names[bare]
    if (known !== undefined && known !== name) {
      throw invalidState(
        `Cannot create bare named parameter '${bare}' because of conflicting names '${known}' and '${name}'.`,
      )
    }
    names[bare] = name
  }
  return names
}
