// @vitest-environment node
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { collectTypes } from './type-closure.ts'

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))

describe('collectTypes', () => {
  it('takes everything that Express types reach', () => {
    const paths = Object.keys(collectTypes(modules, 'express'))
    expect(paths).toContain('node_modules/@types/express/index.d.ts')
    expect(paths).toContain('node_modules/@types/express-serve-static-core/index.d.ts')
    expect(paths).toContain('node_modules/@types/qs/index.d.ts')
    expect(paths).toContain('node_modules/@types/express/package.json')
  })

  it('takes a package’s own types when there are no others', () => {
    expect(
      Object.keys(collectTypes(modules, 'helmet')).some((path) => path.includes('helmet/')),
    ).toBe(true)
  })

  it('leaves out what is known already', () => {
    const node = collectTypes(modules, 'node')
    expect(Object.keys(node)).toContain('node_modules/@types/node/fs.d.ts')
    const express = collectTypes(modules, 'express', node)
    expect(Object.keys(express).some((path) => path.includes('@types/node/'))).toBe(false)
  })

  it('refuses a package without types', () => {
    expect(() => collectTypes(modules, 'no-such-package')).toThrow('no-such-package')
  })
})
