/** One line of a classic BPF program as seccomp takes it: an instruction, or a place to jump to. */
export type Line =
  /** Loads 32 bits of `struct seccomp_data` into the accumulator. */
  | { op: 'load'; offset: number }
  /** Jumps when the accumulator compares as said to `value`; goes on otherwise. */
  | { op: 'jump-if'; test: 'equal' | 'at-least' | 'any-bit'; value: number; to: string }
  | { op: 'return'; value: number }
  | { op: 'label'; name: string }

/** `struct seccomp_data`: nr, arch, instruction pointer (64 bits), then six arguments of 64 bits, low half first. */
export const dataOffsets = {
  number: 0,
  architecture: 4,
  argumentLow: (index: number) => 16 + 8 * index,
  argumentHigh: (index: number) => 20 + 8 * index,
}

/** `BPF_LD | BPF_W | BPF_ABS`, `BPF_JMP | test | BPF_K`, `BPF_RET | BPF_K` of linux/bpf_common.h. */
const codes = {
  load: 0x20,
  jump: { equal: 0x15, 'at-least': 0x35, 'any-bit': 0x45 },
  return: 0x06,
}
const instructionBytes = 8
/** BPF_MAXINSNS. */
const maxInstructions = 4096

/**
 * Assembles to an array of `struct sock_filter` in this machine's byte order (little endian on x64 and arm64).
 * @throws on an unknown label, a jump back, or one further than the 8 bits of a conditional jump reach
 */
export function assemble(lines: readonly Line[]): Buffer {
  const places = new Map<string, number>()
  let count = 0
  for (const line of lines) {
    if (line.op === 'label') places.set(line.name, count)
    else count += 1
  }
  if (count > maxInstructions)
    throw new Error(`expected at most ${maxInstructions} instructions, got ${count}`)
  const bytes = Buffer.alloc(count * instructionBytes)
  let at = 0
  const emit = (code: number, jumpTrue: number, value: number) => {
    const offset = at * instructionBytes
    bytes.writeUInt16LE(code, offset)
    bytes.writeUInt8(jumpTrue, offset + 2)
    bytes.writeUInt32LE(value >>> 0, offset + 4)
    at += 1
  }
  for (const line of lines) {
    switch (line.op) {
      case 'load':
        emit(codes.load, 0, line.offset)
        break
      case 'return':
        emit(codes.return, 0, line.value)
        break
      case 'jump-if':
        emit(codes.jump[line.test], distance(places, line.to, at), line.value)
        break
      case 'label':
        break
    }
  }
  return bytes
}

/** Jumps count from the instruction after them. */
function distance(places: Map<string, number>, label: string, from: number): number {
  const place = places.get(label)
  if (place === undefined) throw new Error(`expected a label ${label}`)
  const length = place - from - 1
  if (length < 0 || length > 255)
    throw new Error(`a jump to ${label} cannot go ${length} instructions`)
  return length
}
