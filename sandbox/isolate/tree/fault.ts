/** A failed file operation, before it is dressed as the error Node would give. */
export class FsFault extends Error {
  readonly code: string
  /** What the error shows instead of the operation's own; a null path shows none. */
  readonly shown: { path?: string | null; syscall?: string }

  constructor(code: string, shown: { path?: string | null; syscall?: string } = {}) {
    super(code)
    this.code = code
    this.shown = shown
  }
}
