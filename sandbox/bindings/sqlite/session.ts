import type { Env } from '../../isolate/env.ts'
import type { Connection, OpenSession } from './connection.ts'
import { defineClass, type NativeClass } from './define-class.ts'
import { invalidState } from './errors.ts'

interface Session {
  connection: Connection
  open: OpenSession
}

/** `Session`: records changes of a connection as changesets. */
export function defineSession(env: Env): NativeClass<Session> {
  const opened = ({ connection, open }: Session): Session => {
    void connection.at
    if (open.at === 0) throw invalidState('session is not open')
    return { connection, open }
  }
  const changes =
    (name: 'sqlite3session_changeset' | 'sqlite3session_patchset') => (session: Session) => {
      const { connection, open } = opened(session)
      const { library } = connection
      const { call, cell } = library
      connection.check(call[name](open.at, cell, cell + 4))
      const [length, at] = [library.read(cell), library.read(cell + 4)]
      const bytes = library.copy(at, length)
      call.sqlite3_free(at)
      return bytes
    }
  return defineClass<Session>(env, {
    name: 'Session',
    methods: {
      changeset: changes('sqlite3session_changeset'),
      patchset: changes('sqlite3session_patchset'),
      close(session) {
        const { connection, open } = opened(session)
        connection.untrack(open)
      },
      '@@dispose'({ connection, open }) {
        if (connection.isOpen && open.at !== 0) connection.untrack(open)
      },
    },
  })
}
