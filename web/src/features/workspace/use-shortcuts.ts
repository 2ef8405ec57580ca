import { useEffect, useEffectEvent } from 'react'

/** Ctrl+Enter (or Cmd+Enter) and the same with Shift, wherever the focus is; Monaco would insert a line otherwise. */
export function useShortcuts(onRun: () => void, onRunSamples: () => void): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.altKey) return
    if (!event.shiftKey && hasOwnCtrlEnter(event.target)) return
    event.preventDefault()
    event.stopPropagation()
    if (event.repeat) return
    if (event.shiftKey) onRunSamples()
    else onRun()
  })

  // Captured on the window, before the editor sees it.
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKeyDown(event)
    window.addEventListener('keydown', listener, { capture: true })
    return () => window.removeEventListener('keydown', listener, { capture: true })
  }, [])
}

/** A form may take Ctrl+Enter for itself, as the one that sends a request does: `data-ctrl-enter="own"`. */
function hasOwnCtrlEnter(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-ctrl-enter="own"]') !== null
}
