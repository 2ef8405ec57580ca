import type { StaffMe } from '../../../contract/api.ts'
import type { RouteOptions, Server } from '../types.ts'
import { staffAttemptRoutes } from './attempts.ts'
import { invitationRoutes } from './invitations.ts'
import { staffLiveRoute } from './live.ts'
import { createStaffGuard } from './login.ts'

/** `/api/staff`: everything inside the inner scope knows who asks. */
export const staffScope = async (server: Server, { services, config }: RouteOptions) => {
  // Without the prefix, which would be added again.
  const options = { services, config }
  server.decorateRequest('staff', null as unknown as StaffMe)
  await server.register(staffLiveRoute, options)
  await server.register(async (signedIn: Server) => {
    signedIn.addHook('onRequest', createStaffGuard(options.services))
    await signedIn.register(staffAttemptRoutes, options)
    await signedIn.register(invitationRoutes, options)
  })
}
