import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import { createError } from '../../infra/app-error.ts'
import { loginSessionLifeMs } from '../../modules/invitations/policy.ts'
import type { Services } from '../../services.ts'

const cookieName = 'assay_candidate'
const cookiePath = '/api/candidate'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request this is; set by the candidate scope before any of its handlers. */
    attemptId: string
  }
}

export const loginSecretOf = (request: FastifyRequest): string | null =>
  request.cookies[cookieName] ?? null

export const setLoginCookie = (reply: FastifyReply, secret: string, config: Config) =>
  reply.setCookie(cookieName, secret, {
    path: cookiePath,
    httpOnly: true,
    sameSite: 'strict',
    secure: config.origin?.startsWith('https:') ?? false,
    maxAge: loginSessionLifeMs / 1000,
  })

/** Lets signed-in candidates through and says which attempt is theirs. */
export const createCandidateGuard =
  ({ invitations }: Services) =>
  async (request: FastifyRequest) => {
    const secret = loginSecretOf(request)
    const attemptId = secret === null ? null : await invitations.selectOptionalAttemptId(secret)
    if (attemptId === null) {
      throw createError('APP_ERR_NOT_SIGNED_IN', 'Open your personal link again to continue')
    }
    request.attemptId = attemptId
  }
