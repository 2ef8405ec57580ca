const { isFinite: isFiniteNumber, isInteger } = Number
const { stringify } = JSON
const maxInt32 = 2 ** 31 - 1
const maxMode = 7

/** @throws TypeError, RangeError as `GetValidatedFd` words them */
export function checkDescriptor(fd: unknown): void {
  if (typeof fd !== 'number') {
    const received = specificType(fd)
    throw typeError(`The "fd" argument must be of type number. Received ${received}`)
  }
  if (fd >= 0 && fd <= maxInt32 && isInteger(fd)) return
  const isOutside = isFiniteNumber(fd) && (fd < 0 || fd > maxInt32)
  const allowed = isOutside ? `>= 0 && <= ${maxInt32}` : 'an integer'
  throw rangeError(`The value of "fd" is out of range. It must be ${allowed}. Received ${fd}`)
}

/** @throws TypeError, RangeError as `GetValidFileMode` does for `access` and `copyFile` */
export function checkMode(mode: unknown): void {
  if (mode === undefined || mode === null) return
  if (typeof mode !== 'number') throw typeError('mode must be int32 or null/undefined')
  if (!isFiniteNumber(mode)) throw rangeError('mode is out of range')
  if (mode < 0 || mode > maxMode) throw rangeError(`mode is out of range: >= 0 && <= ${maxMode}`)
}

/** `DetermineSpecificErrorType`: close to `determineSpecificType` of the library, not the same. */
function specificType(value: unknown): string {
  switch (typeof value) {
    case 'function':
      return 'function'
    case 'string': {
      const shown = value.length > 28 ? `${value.slice(0, 25)}...` : value
      return `type string (${shown.includes("'") ? stringify(value) : `'${shown}'`})`
    }
    case 'object':
      return value === null ? 'null' : `an instance of ${constructorName(value)}`
    case 'bigint':
    case 'boolean':
      return `type ${typeof value} (${value})`
    default:
      return String(value)
  }
}

function constructorName(value: object): string {
  const { constructor: Class } = value
  return typeof Class === 'function' && Class.name !== '' ? Class.name : 'Object'
}

const typeError = (message: string) =>
  Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
const rangeError = (message: string) =>
  Object.assign(new RangeError(message), { code: 'ERR_OUT_OF_RANGE' })
