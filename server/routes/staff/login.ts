import type { FastifyRequest } from 'fastify'
import type { StaffMe } from '../../../contract/api.ts'
import { createError } from '../../infra/app-error.ts'
import type { Services } from '../../services.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set by the staff scope before any of its handlers. */
    staff: StaffMe
  }
}

/** Lets signed-in staff through and says who it is. */
export const createStaffGuard =
  ({ staff }: Services) =>
  async (request: FastifyRequest) => {
    const me = await staff.selectOptionalByCookies(request.headers.cookie)
    if (!me) throw createError('APP_ERR_NOT_SIGNED_IN', 'Sign in to see this')
    request.staff = me
  }
