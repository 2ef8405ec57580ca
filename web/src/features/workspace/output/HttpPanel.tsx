import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { HttpPanelRequest, HttpPanelResponse } from '../../../../../contract/api.ts'
import { sendHttp } from '../../../lib/candidate-api.ts'
import { describeFailure } from '../../../lib/shown-error.ts'
import { readStored, writeStored } from '../../../lib/stored-value.ts'
import { useStore } from '../../../lib/use-store.ts'
import type { Workspace } from '../../../live/candidate-live.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { HttpHistory } from './HttpHistory.tsx'
import styles from './HttpPanel.module.css'
import { HttpRequestForm } from './HttpRequestForm.tsx'
import { HttpResponseView } from './HttpResponseView.tsx'
import {
  emptyDraft,
  type HttpDraft,
  type HttpHistoryEntry,
  isHistory,
  toDraft,
  toRequest,
  withEntry,
} from './http-draft.ts'

/** Sends requests to the running program and keeps what was sent. */
export function HttpPanel({ workspace }: { workspace: Workspace }) {
  const { itemId } = workspace
  const storageKey = `assay.http.${itemId}`
  const program = useStore(workspace.program)
  const isRunning = program?.state.kind === 'running'
  const [history, setHistory] = useState<HttpHistoryEntry[]>(() =>
    readStored(storageKey, isHistory, []),
  )
  const [draft, setDraft] = useState<HttpDraft>(() => {
    const last = history[0]
    return last ? toDraft(last.request) : emptyDraft
  })

  const remember = (request: HttpPanelRequest, response: HttpPanelResponse | undefined): void => {
    const at = Date.now()
    const entry = { id: `${at}-${history.length}`, at, request, status: response?.status ?? null }
    const next = withEntry(history, entry)
    setHistory(next)
    writeStored(storageKey, next)
  }

  const send = useMutation({
    mutationFn: (request: HttpPanelRequest) => sendHttp(itemId, request),
    onSettled: (response, _error, request) => remember(request, response),
  })

  return (
    <div className={styles.panel}>
      {!isRunning && (
        <Banner tone="info">Run your program first; then requests can be sent to it.</Banner>
      )}
      <HttpRequestForm
        draft={draft}
        onChange={setDraft}
        isDisabled={!isRunning}
        isPending={send.isPending}
        onSend={() => send.mutate(toRequest(draft))}
      />
      {send.isError && (
        <Banner tone="bad" isUrgent>
          {describeFailure(send.error)}
        </Banner>
      )}
      {send.data && <HttpResponseView response={send.data} />}
      <HttpHistory entries={history} onPick={(entry) => setDraft(toDraft(entry.request))} />
    </div>
  )
}
