import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isPinnedNode, pinnedNodePath, projectRoot, supportedPlatforms } from './pinned-node.mjs'

test('every platform takes its Node from a package that package.json pins to one version', () => {
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
  const versions = supportedPlatforms.map((platform) => {
    const path = pinnedNodePath('/checkout', platform)
    return manifest.optionalDependencies[/node_modules[\\/]([^\\/]+)/.exec(path)[1]]
  })
  expect(versions).toEqual(supportedPlatforms.map(() => process.versions.node))
})

test('a platform without a package has none', () => {
  expect(pinnedNodePath('/checkout', 'sunos-x64')).toBeNull()
})

test('tests run on the pinned Node', () => {
  expect(isPinnedNode()).toBe(true)
})
