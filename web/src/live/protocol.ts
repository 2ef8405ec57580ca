import type {
  closeReasons as contractCloseReasons,
  filesMapName as contractFilesMapName,
  liveProtocolVersion as contractVersion,
} from '../../../contract/live.ts'

/**
 * Values of the live protocol. The page takes only types from the contract; these are typed as the contract's own
 * literals, so a page and a contract that differ do not compile.
 */
export const liveProtocolVersion: typeof contractVersion = 1

export const closeReasons: typeof contractCloseReasons = {
  incompatible: 4000,
  unauthorised: 4001,
  replaced: 4002,
  closing: 4003,
  badMessage: 4004,
}

export const filesMapName: typeof contractFilesMapName = 'files'
