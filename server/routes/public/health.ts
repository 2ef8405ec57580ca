import { sql } from 'drizzle-orm'
import { Type } from 'typebox'
import { responses } from '../responses.ts'
import type { RouteOptions, Server } from '../types.ts'

const Health = Type.Object({ status: Type.Literal('ok') })

/** For supervisors and load balancers: alive, and able to work. */
export const healthRoutes = async (server: Server, { services }: RouteOptions) => {
  server.get(
    '/api/health',
    { schema: { summary: 'The process is alive', response: responses(Health) } },
    async () => ({ status: 'ok' as const }),
  )

  server.get(
    '/api/ready',
    { schema: { summary: 'The database answers', response: responses(Health) } },
    async () => {
      await services.database.read((db) => db.all(sql`select 1`))
      return { status: 'ok' as const }
    },
  )
}
