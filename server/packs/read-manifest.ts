import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { Settings } from 'typebox/system'
import { parseDocument } from 'yaml'
import { PackError, type PackProblem, quote } from './pack-error.ts'

// An author wants to see all mistakes at once, not the first eight.
Settings.Set({ maxErrors: 500 })

const valueAt = (value: unknown, path: string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  )

/** One problem per place; words of a closed set are gathered into "one of". */
const toProblems = (
  file: string,
  value: unknown,
  errors: TLocalizedValidationError[],
): PackProblem[] => {
  const problems = new Map<string, PackProblem>()
  const add = (path: string[], expected: string, got: string) => {
    const key = path.join('.')
    const known = problems.get(key)
    if (!known) problems.set(key, { file, key, expected, got })
    else if (known.expected.startsWith('one of ') && expected.startsWith('one of ')) {
      known.expected += `, ${expected.slice('one of '.length)}`
    }
  }
  for (const error of errors) {
    const path = error.instancePath.split('/').slice(1)
    const got = quote(valueAt(value, path))
    switch (error.keyword) {
      case 'required':
        for (const name of error.params.requiredProperties)
          add([...path, name], 'a value', 'nothing')
        break
      case 'additionalProperties':
        for (const name of error.params.additionalProperties) {
          add([...path, name], 'no such key', quote(valueAt(value, [...path, name])))
        }
        break
      case 'const':
        add(path, `one of ${quote(error.params.allowedValue)}`, got)
        break
      case 'enum':
        add(path, `one of ${error.params.allowedValues.map(quote).join(', ')}`, got)
        break
      // Both only repeat what the two above say of the same place.
      case 'boolean':
      case 'anyOf':
        break
      default:
        add(path, error.message.replace(/^must (be |match )?/, ''), got)
    }
  }
  return [...problems.values()]
}

/**
 * Reads a YAML file against a strict schema. Throws `PackError` naming file, key, expected and got.
 * @param file relative to `root`, forward slashes
 */
export const readManifest = <Schema extends TSchema>(
  root: string,
  file: string,
  schema: Schema,
): Static<Schema> => {
  let text: string
  try {
    text = readFileSync(join(root, file), 'utf8')
  } catch {
    throw new PackError([{ file, key: '', expected: 'a YAML file', got: 'no such file' }])
  }
  const document = parseDocument(text)
  if (document.errors.length > 0) {
    throw new PackError(
      document.errors.map((error) => ({
        file,
        key: '',
        expected: 'YAML',
        got: error.message.split('\n')[0] ?? error.code,
      })),
    )
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 0 })
  } catch {
    throw new PackError([{ file, key: '', expected: 'YAML without aliases', got: 'an alias' }])
  }
  const validator = Compile(schema)
  if (validator.Check(value)) return value
  throw new PackError(toProblems(file, value, validator.Errors(value)))
}
