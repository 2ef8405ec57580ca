import { closeReasons } from '../../../contract/live.ts'
import type { RouteOptions, Server } from '../types.ts'
import { loginSecretOf } from './login.ts'

/** The live connection of a candidate. Browsers cannot read the status of a refused upgrade, so refusals are close codes. */
export const liveRoute = async (server: Server, { services }: RouteOptions) => {
  server.get('/live', { websocket: true, schema: { hide: true } }, async (socket, request) => {
    socket.pause()
    const secret = loginSecretOf(request)
    const attemptId =
      secret === null ? null : await services.invitations.selectOptionalAttemptId(secret)
    if (attemptId === null) socket.close(closeReasons.unauthorised, 'unauthorised')
    else await services.candidateHub.accept(socket, attemptId)
  })
}
