import type { RouteOptions, Server } from '../types.ts'
import { attemptRoutes } from './attempt.ts'
import { enterRoute } from './enter.ts'
import { liveRoute } from './live.ts'
import { createCandidateGuard } from './login.ts'
import { runRoutes } from './runs.ts'

/** `/api/candidate`: everything inside the inner scope knows whose attempt it is. */
export const candidateScope = async (server: Server, { services, config }: RouteOptions) => {
  // Without the prefix, which would be added again.
  const options = { services, config }
  server.decorateRequest('attemptId', '')
  await server.register(enterRoute, options)
  await server.register(liveRoute, options)
  await server.register(async (signedIn: Server) => {
    signedIn.addHook('onRequest', createCandidateGuard(options.services))
    await signedIn.register(attemptRoutes, options)
    await signedIn.register(runRoutes, options)
  })
}
