import { CandidateHome, EnterBody } from '../../../contract/api.ts'
import { responses } from '../responses.ts'
import type { RouteOptions, Server } from '../types.ts'
import { loginSecretOf, setLoginCookie } from './login.ts'

/** The one candidate route without a login session: it makes one. */
export const enterRoute = async (server: Server, { services, config }: RouteOptions) => {
  server.post(
    '/enter',
    {
      // 256 bits are not guessed; this keeps anybody from trying loudly.
      config: { rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: {
        summary:
          'Trade the secret of a personal link for a login session, or for the receipt afterwards',
        body: EnterBody,
        response: responses(CandidateHome),
      },
    },
    async (request, reply) => {
      const { attemptId, secret } = await services.invitations.enter(
        request.body.token,
        loginSecretOf(request),
      )
      if (secret !== null) setLoginCookie(reply, secret, config)
      return services.lifecycle.readHome(attemptId)
    },
  )
}
