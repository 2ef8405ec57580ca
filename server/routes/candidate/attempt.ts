import { CandidateHome, CandidateItem, StartBody, SubmitBody } from '../../../contract/api.ts'
import { itemParams } from '../params.ts'
import { responses } from '../responses.ts'
import type { RouteOptions, Server } from '../types.ts'

export const attemptRoutes = async (server: Server, { services: { lifecycle } }: RouteOptions) => {
  server.get(
    '/home',
    {
      schema: {
        summary: 'The attempt as its candidate sees it',
        response: responses(CandidateHome),
      },
    },
    async (request) => lifecycle.readHome(request.attemptId),
  )

  server.post(
    '/start',
    { schema: { summary: 'Start the clock', body: StartBody, response: responses(CandidateHome) } },
    async (request) => {
      await lifecycle.start(request.attemptId, request.body.consentVersion)
      return lifecycle.readHome(request.attemptId)
    },
  )

  server.post(
    '/submit',
    {
      schema: {
        summary: 'Hand in the whole attempt; final',
        body: SubmitBody,
        response: responses(CandidateHome),
      },
    },
    async (request) => {
      await lifecycle.close(request.attemptId, 'candidate')
      return lifecycle.readHome(request.attemptId)
    },
  )

  server.get(
    '/items/:itemId',
    {
      schema: {
        summary: 'The fixed side of one workspace',
        params: itemParams,
        response: responses(CandidateItem),
      },
    },
    async (request) => lifecycle.readItem(request.attemptId, request.params.itemId),
  )
}
