import { Type } from 'typebox'
import {
  AttemptDetail,
  AttemptSummary,
  ItemFiles,
  StaffMe,
  StaffRunDetail,
} from '../../../contract/api.ts'
import { presentStaffRun } from '../../modules/runs/present.ts'
import { attemptItemParams, attemptParams, runParams } from '../params.ts'
import { emptyResponses, responses } from '../responses.ts'
import type { RouteOptions, Server } from '../types.ts'

export const staffAttemptRoutes = async (server: Server, { services }: RouteOptions) => {
  const { staffView, database, runs, workspaces } = services

  server.get(
    '/me',
    { schema: { summary: 'Who is signed in', response: responses(StaffMe) } },
    async (request) => request.staff,
  )

  server.get(
    '/attempts',
    {
      schema: {
        summary: 'All attempts, newest first',
        response: responses(Type.Array(AttemptSummary)),
      },
    },
    async () => staffView.list(),
  )

  server.get(
    '/attempts/:attemptId',
    {
      schema: {
        summary: 'One attempt with its verdicts, runs and history',
        params: attemptParams,
        response: responses(AttemptDetail),
      },
    },
    async (request) => staffView.readDetail(request.params.attemptId),
  )

  server.get(
    '/attempts/:attemptId/items/:itemId/files',
    {
      schema: {
        summary: 'Files of an item, as submitted or as they stand now',
        params: attemptItemParams,
        response: responses(ItemFiles),
      },
    },
    async (request) => staffView.readFiles(request.params.attemptId, request.params.itemId),
  )

  server.get(
    '/runs/:runId',
    {
      schema: {
        summary: 'One run with its whole result',
        params: runParams,
        response: responses(StaffRunDetail),
      },
    },
    async (request) =>
      database.read(async (db) => {
        const record = await runs.selectRun(db, request.params.runId)
        return {
          ...presentStaffRun(record),
          result: await runs.selectResult(db, record),
          files: await workspaces.selectSnapshotFiles(db, record.run.snapshotId),
        }
      }),
  )

  server.post(
    '/runs/:runId/retry',
    {
      schema: {
        summary: 'Judge a run again that our machinery failed on',
        params: runParams,
        response: emptyResponses,
      },
    },
    async (request, reply) => {
      await runs.retry(request.params.runId, `staff:${request.staff.id}`)
      return reply.status(204).send()
    },
  )
}
