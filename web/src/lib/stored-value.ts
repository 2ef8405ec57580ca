/** Reads a JSON value that this browser keeps, or `fallback` when there is none or it does not pass `isValid`. */
export function readStored<T>(
  key: string,
  isValid: (value: unknown) => value is T,
  fallback: T,
): T {
  try {
    const text = localStorage.getItem(key)
    const value: unknown = text === null ? null : JSON.parse(text)
    return isValid(value) ? value : fallback
  } catch {
    return fallback
  }
}

/** Keeps a JSON value in this browser; does nothing where storage is forbidden or full. */
export function writeStored(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Only a convenience is lost.
  }
}
