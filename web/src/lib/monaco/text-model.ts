import { languageOf } from './language.ts'
import { editor, type Uri } from './monaco.ts'

/** A model as every editor here wants it: two spaces, line ends of one character, no rainbow brackets. */
export function createTextModel(text: string, path: string, uri?: Uri): editor.ITextModel {
  const model = editor.createModel(text, languageOf(path), uri)
  model.updateOptions({
    tabSize: 2,
    insertSpaces: true,
    // Many colours of brackets are noise beside the page's quiet palette.
    bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
  })
  model.setEOL(editor.EndOfLineSequence.LF)
  return model
}
