import { closeReasons } from '../../../contract/live.ts'
import type { RouteOptions, Server } from '../types.ts'

/** The live connection of staff. Browsers cannot read the status of a refused upgrade, so refusals are close codes. */
export const staffLiveRoute = async (server: Server, { services }: RouteOptions) => {
  server.get('/live', { websocket: true, schema: { hide: true } }, async (socket, request) => {
    socket.pause()
    const me = await services.staff.selectOptionalByCookies(request.headers.cookie)
    if (!me) {
      socket.close(closeReasons.unauthorised, 'unauthorised')
      return
    }
    services.staffHub.accept(socket)
    socket.resume()
  })
}
