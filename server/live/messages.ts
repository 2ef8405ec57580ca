import { Compile } from 'typebox/compile'
import { CandidateMessage, StaffMessage } from '../../contract/live.ts'

const candidateMessages = Compile(CandidateMessage)
const staffMessages = Compile(StaffMessage)

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
