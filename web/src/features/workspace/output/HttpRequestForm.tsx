import { Button } from '../../../ui/Button.tsx'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Select } from '../../../ui/Select.tsx'
import { TextArea } from '../../../ui/TextArea.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import styles from './HttpPanel.module.css'
import { allowsBody, type HttpDraft, httpMethods } from './http-draft.ts'

const methodOptions = httpMethods.map((method) => ({ id: method, label: method }))

export function HttpRequestForm({
  draft,
  onChange,
  isDisabled,
  isPending,
  onSend,
}: {
  draft: HttpDraft
  onChange: (draft: HttpDraft) => void
  isDisabled: boolean
  isPending: boolean
  onSend: () => void
}) {
  const { headers } = draft

  const addHeader = (): void => {
    const id = Math.max(0, ...headers.map((header) => header.id)) + 1
    onChange({ ...draft, headers: [...headers, { id, name: '', value: '' }] })
  }

  const changeHeader = (id: number, change: { name?: string; value?: string }): void => {
    const next = headers.map((header) => (header.id === id ? { ...header, ...change } : header))
    onChange({ ...draft, headers: next })
  }

  return (
    <form
      className={styles.form}
      aria-label="Request"
      // While there is a program to send to; otherwise the keys run it, as everywhere.
      data-ctrl-enter={isDisabled ? undefined : 'own'}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return
        if (isDisabled || event.repeat) return
        event.preventDefault()
        event.currentTarget.requestSubmit()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isDisabled && !isPending) onSend()
      }}
    >
      <div className={styles.line}>
        <Select
          label="Method"
          isLabelHidden
          isCode
          options={methodOptions}
          value={draft.method}
          onChange={(method) => onChange({ ...draft, method })}
        />
        <TextField
          label="Path"
          isLabelHidden
          isCode
          value={draft.path}
          placeholder="/users?page=1"
          onChange={(path) => onChange({ ...draft, path })}
        />
        <Button
          type="submit"
          variant="primary"
          icon="send"
          isDisabled={isDisabled}
          isPending={isPending}
        >
          Send
        </Button>
      </div>
      <fieldset className={styles.headers}>
        <legend className={styles.legend}>Headers</legend>
        {headers.map((header) => (
          <div key={header.id} className={styles.header}>
            <TextField
              label="Header name"
              isLabelHidden
              isCode
              value={header.name}
              placeholder="content-type"
              onChange={(name) => changeHeader(header.id, { name })}
            />
            <TextField
              label="Header value"
              isLabelHidden
              isCode
              value={header.value}
              placeholder="application/json"
              onChange={(value) => changeHeader(header.id, { value })}
            />
            <IconButton
              icon="cross"
              label={`Remove header ${header.name}`.trim()}
              onPress={() =>
                onChange({ ...draft, headers: headers.filter((other) => other.id !== header.id) })
              }
            />
          </div>
        ))}
        <Button variant="quiet" size="small" icon="plus" onPress={addHeader}>
          Add header
        </Button>
      </fieldset>
      {allowsBody(draft.method) && (
        <TextArea
          label="Body"
          value={draft.body}
          rows={4}
          placeholder={'{ "name": "Ada" }'}
          onChange={(body) => onChange({ ...draft, body })}
        />
      )}
    </form>
  )
}
