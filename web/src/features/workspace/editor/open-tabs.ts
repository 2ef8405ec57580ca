/** Which files are open in the editor, and which of them is shown. Ids are paths, or `sample:` and a path. */
export interface OpenTabs {
  ids: readonly string[]
  activeId: string | null
}

export const samplePrefix = 'sample:'

export function openTab(tabs: OpenTabs, id: string): OpenTabs {
  const ids = tabs.ids.includes(id) ? tabs.ids : [...tabs.ids, id]
  return { ids, activeId: id }
}

/** Closes a tab; when it was shown, its right neighbour comes up, else the left one. */
export function closeTab(tabs: OpenTabs, id: string): OpenTabs {
  const index = tabs.ids.indexOf(id)
  if (index === -1) return tabs
  const ids = tabs.ids.filter((other) => other !== id)
  if (tabs.activeId !== id) return { ids, activeId: tabs.activeId }
  return { ids, activeId: ids[index] ?? ids[index - 1] ?? null }
}

export function renameTab(tabs: OpenTabs, from: string, to: string): OpenTabs {
  return {
    ids: tabs.ids.map((id) => (id === from ? to : id)),
    activeId: tabs.activeId === from ? to : tabs.activeId,
  }
}

/** Drops tabs whose file is gone (deleted here or in another tab of the browser). */
export function keepExisting(tabs: OpenTabs, exists: (id: string) => boolean): OpenTabs {
  return tabs.ids.filter((id) => !exists(id)).reduce(closeTab, tabs)
}

/** The tabs a workspace starts with: the suggested files that exist, else the entry, else the first file. */
export function initialTabs(
  suggested: readonly string[],
  entry: string,
  existing: readonly string[],
): OpenTabs {
  const wanted = suggested.filter((path) => existing.includes(path))
  const fallback = existing.includes(entry) ? entry : existing[0]
  const ids = wanted.length > 0 || fallback === undefined ? wanted : [fallback]
  return { ids, activeId: ids[0] ?? null }
}
