import { type editor, KeyCode } from '../../../lib/monaco/monaco.ts'

/**
 * A way out of the editor that needs no setting: after Escape, Tab moves the focus until the next other key.
 * The lasting setting (`choose`) is kept beside it.
 */
export interface Leaving {
  choose(tabMovesFocus: boolean): void
  isOnByChoice(): boolean
}

export function leaveWithEscape(
  codeEditor: editor.IStandaloneCodeEditor,
  apply: (tabMovesFocus: boolean) => void,
): Leaving {
  let isOnByChoice = false
  let isArmed = false

  const arm = (isNowArmed: boolean): void => {
    if (isArmed === isNowArmed) return
    isArmed = isNowArmed
    apply(isArmed || isOnByChoice)
  }

  codeEditor.onKeyDown((event) => {
    if (event.keyCode === KeyCode.Escape) arm(true)
    else if (event.keyCode !== KeyCode.Tab && event.keyCode !== KeyCode.Shift) arm(false)
  })
  codeEditor.onDidBlurEditorWidget(() => arm(false))
  codeEditor.onMouseDown(() => arm(false))

  return {
    isOnByChoice: () => isOnByChoice,
    choose(tabMovesFocus) {
      isOnByChoice = tabMovesFocus
      apply(isArmed || isOnByChoice)
    },
  }
}
