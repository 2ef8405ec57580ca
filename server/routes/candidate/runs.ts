import type { FastifyRequest } from 'fastify'
import {
  CandidateRun,
  CandidateRunList,
  CreateRunBody,
  HttpPanelRequest,
  HttpPanelResponse,
} from '../../../contract/api.ts'
import { createError } from '../../infra/app-error.ts'
import { itemParams } from '../params.ts'
import { emptyResponses, responses } from '../responses.ts'
import type { RouteOptions, Server } from '../types.ts'

/** Newest runs of an item a page is given when it opens. */
const shownRuns = 20

/** Counted per attempt, so that neither a new tab nor a new address gives more. */
const perMinute = (max: number) => ({
  rateLimit: {
    max,
    timeWindow: '1 minute',
    hook: 'preHandler' as const,
    keyGenerator: (request: FastifyRequest) => request.attemptId,
  },
})

export const runRoutes = async (server: Server, { services }: RouteOptions) => {
  const { lifecycle, previews, runs, database } = services

  server.post(
    '/items/:itemId/runs',
    {
      config: perMinute(30),
      schema: {
        summary: 'Run the program, or the visible sample suite, on the text that is saved',
        params: itemParams,
        body: CreateRunBody,
        response: responses(CandidateRun),
      },
    },
    async (request) => {
      const item = await lifecycle.selectItem(request.attemptId, request.params.itemId)
      const runId =
        request.body.kind === 'try'
          ? await previews.start(item)
          : (await runs.createForCandidate(item, 'sample')).runId
      const run = await database.read((db) =>
        runs.selectOptionalForCandidate(db, request.attemptId, runId),
      )
      if (!run) throw createError('APP_ERR_NOT_FOUND', `No run ${runId}`)
      return run
    },
  )

  server.get(
    '/items/:itemId/runs',
    {
      schema: {
        summary: "The candidate's own runs of an item, newest first",
        params: itemParams,
        response: responses(CandidateRunList),
      },
    },
    async (request) => {
      const item = await lifecycle.selectItem(request.attemptId, request.params.itemId)
      return database.read((db) => runs.selectForCandidate(db, item.id, shownRuns))
    },
  )

  server.delete(
    '/items/:itemId/runs/current',
    {
      schema: { summary: 'Stop the running program', params: itemParams, response: emptyResponses },
    },
    async (request, reply) => {
      const item = await lifecycle.selectItem(request.attemptId, request.params.itemId)
      if (previews.selectOptionalRunning(item.attemptId)?.item.id === item.id) {
        previews.stop(item.attemptId, 'Stopped.')
      }
      return reply.status(204).send()
    },
  )

  server.post(
    '/items/:itemId/http',
    {
      config: perMinute(300),
      schema: {
        summary: 'Send one request to the running program',
        params: itemParams,
        body: HttpPanelRequest,
        response: responses(HttpPanelResponse),
      },
    },
    async (request) => {
      const item = await lifecycle.selectItem(request.attemptId, request.params.itemId)
      return previews.request(item, request.body)
    },
  )
}
