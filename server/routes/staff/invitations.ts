import { Type } from 'typebox'
import {
  AssessmentSummary,
  CreatedInvitation,
  CreateInvitationBody,
} from '../../../contract/api.ts'
import { invitationParams } from '../params.ts'
import { publicOrigin } from '../public-origin.ts'
import { emptyResponses, responses } from '../responses.ts'
import type { RouteOptions, Server } from '../types.ts'

export const invitationRoutes = async (server: Server, { services, config }: RouteOptions) => {
  const { assessments, invitations } = services

  server.get(
    '/assessments',
    {
      schema: {
        summary: 'What candidates can be invited to',
        response: responses(Type.Array(AssessmentSummary)),
      },
    },
    async () => assessments.list(),
  )

  server.post(
    '/invitations',
    {
      schema: {
        summary: 'Invite a candidate; the link is shown this once',
        body: CreateInvitationBody,
        response: responses(CreatedInvitation),
      },
    },
    async (request) => {
      const { id, token, expiresAt } = await invitations.create(
        `staff:${request.staff.id}`,
        request.body,
      )
      return { id, link: `${publicOrigin(request, config)}/i/${token}`, expiresAt }
    },
  )

  server.delete(
    '/invitations/:invitationId',
    {
      schema: {
        summary: 'Withdraw an invitation whose attempt has not started',
        params: invitationParams,
        response: emptyResponses,
      },
    },
    async (request, reply) => {
      await invitations.revoke(`staff:${request.staff.id}`, request.params.invitationId)
      return reply.status(204).send()
    },
  )
}
