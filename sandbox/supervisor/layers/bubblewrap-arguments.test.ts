import { expect, test } from 'vitest'
import { bubblewrapArguments } from './bubblewrap-arguments.ts'

const build = (options: Partial<Parameters<typeof bubblewrapArguments>[0]> = {}) =>
  bubblewrapArguments({
    files: ['/opt/node', '/cache/guest.mjs'],
    optionalFiles: ['/etc/ld.so.cache'],
    seccompDescriptor: null,
    ...options,
  })

const valuesOf = (args: string[], option: string) =>
  args.flatMap((each, i) => (each === option ? [args[i + 1]] : []))

test('nothing but the named files is mounted, and none to be written', () => {
  const args = build()
  expect(valuesOf(args, '--ro-bind')).toEqual(['/opt/node', '/cache/guest.mjs'])
  expect(valuesOf(args, '--ro-bind-try')).toEqual(['/etc/ld.so.cache'])
  expect(args.filter((each) => /^--(dev-)?bind/.test(each))).toEqual([])
  expect(valuesOf(args, '--remount-ro')).toContain('/')
})

test('every namespace is left and every capability dropped', () => {
  const args = build()
  expect(args).toContain('--unshare-all')
  expect(args).not.toContain('--share-net')
  expect(valuesOf(args, '--cap-drop')).toEqual(['ALL'])
  expect(args).toContain('--die-with-parent')
})

test('the filter is read from its descriptor, and the command stands after everything', () => {
  const args = build({ seccompDescriptor: 4 })
  expect(valuesOf(args, '--seccomp')).toEqual(['4'])
  expect(args.at(-1)).toBe('--')
  expect(build()).not.toContain('--seccomp')
})
