/** Name, main, type, imports, exports, path: what Node's resolver reads of a `package.json`. */
export type SerializedPackage = [
  string | undefined,
  string | undefined,
  'commonjs' | 'module' | 'none',
  string | undefined,
  string | undefined,
  string,
]

/**
 * The fields as the C++ reader gives them: objects and arrays as their JSON text, a string as itself.
 * @returns null when the text is not a JSON object
 */
export function readPackage(text: string, path: string): SerializedPackage | null {
  let value: unknown
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  // Only what the text has: programs may have given every object more.
  const { name, main, type, imports, exports } = Object.setPrototypeOf(value, null) as Record<
    string,
    unknown
  >
  return [
    typeof name === 'string' ? name : undefined,
    typeof main === 'string' ? main : undefined,
    type === 'module' || type === 'commonjs' ? type : 'none',
    isCompound(imports) ? JSON.stringify(imports) : undefined,
    isCompound(exports)
      ? JSON.stringify(exports)
      : typeof exports === 'string'
        ? exports
        : undefined,
    path,
  ]
}

const isCompound = (value: unknown) => typeof value === 'object' && value !== null
