/**
 * A WebAssembly module that imports functions of 32-bit numbers from `f` and exports them again, so that another module's
 * function table takes them.
 * @param kinds of each function, how many numbers it takes and whether it answers one
 */
export function bridgeModule(
  names: readonly string[],
  kinds: readonly (readonly [count: number, hasResult: boolean])[],
): Uint8Array<ArrayBuffer> {
  const name = (text: string) => [text.length, ...Array.from(text, (c) => c.charCodeAt(0))]
  const section = (id: number, body: number[]) => [id, ...leb(body.length), ...body]
  const i32 = 0x7f
  const types = kinds.flatMap(([count, hasResult]) => [
    ...[0x60, count, ...new Array<number>(count).fill(i32)],
    ...(hasResult ? [1, i32] : [0]),
  ])
  const imports = names.flatMap((each, i) => [...name('f'), ...name(each), 0, ...leb(i)])
  const exports = names.flatMap((each, i) => [...name(each), 0, ...leb(i)])
  const count = leb(names.length)
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [...count, ...types]),
    ...section(2, [...count, ...imports]),
    ...section(7, [...count, ...exports]),
  ])
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)]
}
