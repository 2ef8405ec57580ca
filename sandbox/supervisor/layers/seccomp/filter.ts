import { assemble, dataOffsets, type Line } from './assemble.ts'
import { allowedCalls, checkedCalls } from './syscalls.ts'

export type Architecture = 'x64' | 'arm64'

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64. */
const auditArchitecture = { x64: 0xc000003e, arm64: 0xc00000b7 } as const
/** SECCOMP_RET_*. */
const killProcess = 0x80000000
const allow = 0x7fff0000
const errno = (number: number) => 0x00050000 | number
const EPERM = 1
const ENOSYS = 38

/** Calls of the x32 ABI carry this bit; its numbers would bypass a list of x64 ones. */
const x32Bit = 0x40000000
const CLONE_THREAD = 0x00010000
/** Of a clone that makes a thread: none of these comes with one (CLONE_NEW*). */
const namespaceFlags = 0x7e020080

/** FIONREAD, FIONBIO, FIOCLEX, and asking whether a stream is a terminal (TCGETS). TIOCSTI is not among them. */
const ioctls = [0x541b, 0x5421, 0x5451, 0x5401]
/** PR_SET_KEEPCAPS and PR_SET_NO_NEW_PRIVS: setpriv calls them after it has installed the filter. */
const setprivPrctls = [8, 38]
/** PR_SET_NAME, PR_GET_NAME, PR_SET_VMA (names of mappings), PR_GET_DUMPABLE. */
const prctls = [15, 16, 0x53564d41, 3, ...setprivPrctls]

const load = (offset: number): Line => ({ op: 'load', offset })
const done = (value: number): Line => ({ op: 'return', value })
const ifEqual = (value: number, to: string): Line => ({ op: 'jump-if', test: 'equal', value, to })

/** Compares to each of a list, and allows or refuses; `name` keeps labels apart. */
const oneOf = (name: string, argument: number, values: readonly number[]): Line[] => [
  { op: 'label', name },
  load(dataOffsets.argumentLow(argument)),
  ...values.map((value) => ifEqual(value, `${name} allowed`)),
  done(errno(EPERM)),
  { op: 'label', name: `${name} allowed` },
  done(allow),
]

/**
 * The system calls of a guest as a seccomp program: a list of what is allowed, everything else answers EPERM. A call of a
 * foreign architecture kills. `clone` makes threads only; `clone3`, whose flags a filter cannot see, is said not to exist,
 * which sends the C library to `clone`.
 */
export function guestFilter(architecture: Architecture): Buffer {
  const column = architecture === 'x64' ? 1 : 2
  const numberOf = (call: keyof typeof checkedCalls) => checkedCalls[call][architecture]
  const lines: Line[] = [
    load(dataOffsets.architecture),
    ifEqual(auditArchitecture[architecture], 'native'),
    { op: 'label', name: 'foreign' },
    done(killProcess),
    { op: 'label', name: 'native' },
    load(dataOffsets.number),
  ]
  if (architecture === 'x64') {
    lines.push(
      { op: 'jump-if', test: 'at-least', value: x32Bit, to: 'x32' },
      ifEqual(numberOf('clone'), 'clone'),
    )
  } else lines.push(ifEqual(numberOf('clone'), 'clone'))
  lines.push(
    ifEqual(numberOf('ioctl'), 'ioctl'),
    ifEqual(numberOf('prctl'), 'prctl'),
    ifEqual(numberOf('clone3'), 'absent'),
  )
  for (const call of allowedCalls) {
    const number = call[column]
    if (number !== null) lines.push(ifEqual(number, 'allowed'))
  }
  lines.push(
    done(errno(EPERM)),
    { op: 'label', name: 'allowed' },
    done(allow),
    { op: 'label', name: 'absent' },
    done(errno(ENOSYS)),
    { op: 'label', name: 'x32' },
    done(killProcess),
    { op: 'label', name: 'clone' },
    load(dataOffsets.argumentLow(0)),
    { op: 'jump-if', test: 'any-bit', value: namespaceFlags, to: 'clone refused' },
    { op: 'jump-if', test: 'any-bit', value: CLONE_THREAD, to: 'clone allowed' },
    { op: 'label', name: 'clone refused' },
    done(errno(EPERM)),
    { op: 'label', name: 'clone allowed' },
    done(allow),
    ...oneOf('ioctl', 1, ioctls),
    ...oneOf('prctl', 0, prctls),
  )
  return assemble(lines)
}
