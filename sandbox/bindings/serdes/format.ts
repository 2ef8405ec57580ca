/** V8's wire format, version 15: one byte per kind of value. */
export const wireVersion = 15
export const versionTag = 0xff

const code = (character: string) => character.charCodeAt(0)

export const tag = {
  padding: 0,
  objectCount: code('?'),
  hole: code('-'),
  undefined: code('_'),
  null: code('0'),
  true: code('T'),
  false: code('F'),
  int32: code('I'),
  uint32: code('U'),
  double: code('N'),
  bigint: code('Z'),
  utf8String: code('S'),
  oneByteString: code('"'),
  twoByteString: code('c'),
  reference: code('^'),
  object: code('o'),
  endObject: code('{'),
  sparseArray: code('a'),
  endSparseArray: code('@'),
  denseArray: code('A'),
  endDenseArray: code('$'),
  date: code('D'),
  trueObject: code('y'),
  falseObject: code('x'),
  numberObject: code('n'),
  bigintObject: code('z'),
  stringObject: code('s'),
  regexp: code('R'),
  map: code(';'),
  endMap: code(':'),
  set: code("'"),
  endSet: code(','),
  arrayBuffer: code('B'),
  transferredBuffer: code('t'),
  view: code('V'),
  hostObject: code('\\'),
  error: code('r'),
} as const

export const errorTag = {
  message: code('m'),
  stack: code('s'),
  cause: code('c'),
  end: code('.'),
} as const

/** The letter that stands for an error's class. */
export const errorClasses: [number, string][] = [
  [code('E'), 'EvalError'],
  [code('R'), 'RangeError'],
  [code('F'), 'ReferenceError'],
  [code('S'), 'SyntaxError'],
  [code('T'), 'TypeError'],
  [code('U'), 'URIError'],
]

/** The letter that stands for a view's class. */
export const viewClasses: [number, string][] = [
  [code('b'), 'Int8Array'],
  [code('B'), 'Uint8Array'],
  [code('C'), 'Uint8ClampedArray'],
  [code('w'), 'Int16Array'],
  [code('W'), 'Uint16Array'],
  [code('d'), 'Int32Array'],
  [code('D'), 'Uint32Array'],
  [code('h'), 'Float16Array'],
  [code('f'), 'Float32Array'],
  [code('F'), 'Float64Array'],
  [code('q'), 'BigInt64Array'],
  [code('Q'), 'BigUint64Array'],
  [code('?'), 'DataView'],
]

/** Flag letters of a regular expression, bit by bit; a blank is a bit that no letter has. */
export const regexpFlags = 'gimyus dv'
