import { useMutation, useQueryClient } from '@tanstack/react-query'
import { createRun, stopRun, storeRun } from '../../../lib/candidate-api.ts'
import type { Workspace } from '../../../live/candidate-live.ts'
import { whenSaved } from '../../../live/when-saved.ts'

/** Run, stop and run-the-sample-cases, each on what is on the screen now. */
export function useProgramActions(workspace: Workspace) {
  const queryClient = useQueryClient()
  const { itemId } = workspace

  const run = useMutation({
    mutationFn: async () => {
      await whenSaved(workspace.sync)
      return createRun(itemId, 'try')
    },
    onSuccess: (created) => {
      storeRun(queryClient, created)
      // The live connection may have told more already.
      if (workspace.program.get()?.runId === created.id) return
      workspace.program.set({ runId: created.id, state: { kind: 'booting' } })
    },
  })

  const stop = useMutation({ mutationFn: () => stopRun(itemId) })

  const runSamples = useMutation({
    mutationFn: async () => {
      await whenSaved(workspace.sync)
      return createRun(itemId, 'sample')
    },
    onSuccess: (created) => storeRun(queryClient, created),
  })

  return { run, stop, runSamples }
}

export type ProgramActions = ReturnType<typeof useProgramActions>
