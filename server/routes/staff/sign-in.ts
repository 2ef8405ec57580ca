import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { createError } from '../../infra/app-error.ts'
import { publicOrigin } from '../public-origin.ts'
import type { RouteOptions, Server } from '../types.ts'

const linkParams = Type.Object({ token: Type.String({ minLength: 20, maxLength: 200 }) })

const toHeaders = (request: FastifyRequest): Headers => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') headers.set(name, value)
  }
  return headers
}

/** Signing in and out: better-auth under `/api/auth`, and the one-time links the server prints. */
export const signInRoutes = async (server: Server, { services, config }: RouteOptions) => {
  server.get(
    '/staff/link/:token',
    {
      config: { rateLimit: { max: 20, timeWindow: '1 minute' } },
      schema: { summary: 'Sign in with a one-time link', params: linkParams },
    },
    async (request, reply) => {
      const cookies = await services.staff.signInByToken(request.params.token, toHeaders(request))
      if (!cookies) {
        // Opened a second time by the one who is in, it does no harm.
        if (await services.staff.selectOptionalByCookies(request.headers.cookie)) {
          return reply.redirect('/staff', 303)
        }
        if (request.headers.accept?.includes('text/html')) {
          return reply.redirect('/staff/sign-in?link=used', 303)
        }
        throw createError(
          'APP_ERR_STAFF_LINK_USED',
          'This sign-in link was used or has expired: each start prints a fresh one',
        )
      }
      return reply.header('set-cookie', cookies).redirect('/staff', 303)
    },
  )

  const forward = async (request: FastifyRequest, reply: FastifyReply) => {
    const url = new URL(request.url, publicOrigin(request, config))
    const response = await services.staffAuth.auth.handler(
      new Request(url, {
        method: request.method,
        headers: toHeaders(request),
        ...(request.body != null && { body: JSON.stringify(request.body) }),
      }),
    )
    reply.status(response.status)
    for (const [name, value] of response.headers) {
      if (name !== 'set-cookie') reply.header(name, value)
    }
    const cookies = response.headers.getSetCookie()
    if (cookies.length > 0) reply.header('set-cookie', cookies)
    return reply.send(response.body ? await response.text() : null)
  }

  for (const [url, max] of [
    // Guessing a password must be slow; everything else is asked by pages as they open.
    ['/api/auth/sign-in/*', 10],
    ['/api/auth/*', 120],
  ] as const) {
    server.route({
      method: ['GET', 'POST'],
      url,
      config: { rateLimit: { max, timeWindow: '1 minute' } },
      schema: { hide: true },
      handler: forward,
    })
  }
}
