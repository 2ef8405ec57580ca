import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { CandidateMessage, StaffMessage } from '../../contract/live.ts'

/** One update may carry a whole project (2 MB) as base64, and little more. */
export const maxMessageBytes = 4 * 1024 * 1024

const id = Type.String({ maxLength: 64 })
const base64 = Type.String({ maxLength: maxMessageBytes, pattern: '^[A-Za-z0-9+/]*={0,2}$' })
const strict = { additionalProperties: false }

const Hello = Type.Object({ type: Type.Literal('hello'), version: Type.Integer() }, strict)
const Ping = Type.Object({ type: Type.Literal('ping') }, strict)

const candidateMessages = Compile(
  Type.Union([
    Hello,
    Ping,
    Type.Object({ type: Type.Literal('join'), itemId: id, stateVector: base64 }, strict),
    Type.Object(
      {
        type: Type.Literal('update'),
        itemId: id,
        seq: Type.Integer({ minimum: 0 }),
        update: base64,
      },
      strict,
    ),
  ]),
)
const staffMessages = Compile(Type.Union([Hello, Ping]))

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The message, or null when it is not one of the protocol. */
export const parseCandidateMessage = (text: string): CandidateMessage | null => {
  const value = parseJson(text)
  return candidateMessages.Check(value) ? value : null
}

/** The message, or null when it is not one of the protocol. */
export const parseStaffMessage = (text: string): StaffMessage | null => {
  const value = parseJson(text)
  return staffMessages.Check(value) ? value : null
}
