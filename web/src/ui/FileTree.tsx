import { useState } from 'react'
import {
  Button as AriaButton,
  type Key,
  Tree,
  TreeItem,
  TreeItemContent,
} from 'react-aria-components'
import { classNames } from './class-names.ts'
import styles from './FileTree.module.css'
import { Icon } from './Icon.tsx'

export interface TreeNode {
  kind: 'file' | 'folder'
  path: string
  name: string
  children: readonly TreeNode[]
}

function foldersOf(nodes: readonly TreeNode[]): string[] {
  return nodes.flatMap((node) =>
    node.kind === 'folder' ? [node.path, ...foldersOf(node.children)] : [],
  )
}

/** Files and folders. Folders start open; Enter, a click or a tap opens a file. */
export function FileTree({
  label,
  nodes,
  selectedPath,
  isLocked,
  onOpen,
}: {
  label: string
  nodes: readonly TreeNode[]
  selectedPath: string | null
  isLocked: (path: string) => boolean
  onOpen: (path: string) => void
}) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const folders = foldersOf(nodes)
  const expanded = folders.filter((path) => !closed.has(path))

  const onExpandedChange = (keys: Set<Key>): void => {
    setClosed(new Set(folders.filter((path) => !keys.has(path))))
  }

  const toggle = (path: string): void => {
    const next = new Set(closed)
    if (!next.delete(path)) next.add(path)
    setClosed(next)
  }

  const onAction = (key: Key): void => {
    const path = String(key)
    if (folders.includes(path)) toggle(path)
    else onOpen(path)
  }

  const renderNode = (node: TreeNode) => {
    const isLockedFile = node.kind === 'file' && isLocked(node.path)
    return (
      <TreeItem
        key={node.path}
        id={node.path}
        textValue={isLockedFile ? `${node.name}, read-only` : node.name}
        className={classNames(styles.item, node.path === selectedPath && styles.selected)}
      >
        <TreeItemContent>
          {({ level }) => (
            <span
              className={styles.row}
              style={{ paddingInlineStart: `${level * 0.75 - 0.125}rem` }}
            >
              {node.kind === 'folder' ? (
                <AriaButton slot="chevron" className={styles.chevron ?? ''}>
                  <Icon name="chevronRight" size={12} />
                </AriaButton>
              ) : (
                <Icon name={isLockedFile ? 'lock' : 'file'} size={13} />
              )}
              <span className={styles.name}>{node.name}</span>
            </span>
          )}
        </TreeItemContent>
        {node.children.map(renderNode)}
      </TreeItem>
    )
  }

  return (
    <Tree
      aria-label={label}
      className={styles.tree ?? ''}
      selectionMode="none"
      expandedKeys={expanded}
      onExpandedChange={onExpandedChange}
      onAction={onAction}
    >
      {nodes.map(renderNode)}
    </Tree>
  )
}
