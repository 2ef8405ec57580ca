import { unavailableError } from '../isolate/compose-binding.ts'
import type { BindingFactory, Env, NodeFunction, NodeObject } from '../isolate/env.ts'
import { FsFault } from '../isolate/tree/fault.ts'
import type { FileTree } from '../isolate/tree/tree.ts'
import { syncCopyFunctions } from './fs/copy-functions.ts'
import { type CopyOptions, copyTree } from './fs/copy-tree.ts'
import { descriptorOperations } from './fs/descriptor-operations.ts'
import { createDescriptors } from './fs/descriptors.ts'
import { createFileHandleClass } from './fs/file-handle.ts'
import { fileJobs } from './fs/jobs.ts'
import { loaderFunctions } from './fs/loader-functions.ts'
import { pathArgument } from './fs/names.ts'
import { defineOperation, type Operation } from './fs/operation.ts'
import { pathOperations } from './fs/path-operations.ts'
import {
  provideFiles,
  remoteDescriptors,
  remoteFunction,
  remoteOperation,
  remoteTransfer,
} from './fs/remote.ts'
import { removeFunctions } from './fs/remove.ts'
import { createTransfer } from './fs/transfer.ts'
import { createUvExceptions } from './fs/uv-exception.ts'

/** `internalBinding('fs')` over the in-memory tree: the whole synchronous, callback and promise API. */
export const fs: BindingFactory = (env) => {
  const { tree } = env
  const { isMain } = env.threads
  const exceptions = createUvExceptions(env)
  const descriptors = isMain ? createDescriptors(env, tree) : remoteDescriptors(env)
  const transfer = isMain ? createTransfer(env, tree, descriptors) : remoteTransfer(env)
  const shared = {
    stat: new Float64Array(36),
    bigintStat: new BigInt64Array(36),
    statFs: new Float64Array(8),
    bigintStatFs: new BigInt64Array(8),
  }
  const FileHandle = createFileHandleClass(env, descriptors, exceptions)
  const fileOperations: Record<string, Operation> = {
    ...pathOperations(env, tree, descriptors, shared),
    ...descriptorOperations(env, tree, descriptors, transfer, shared),
  }
  const plainFunctions = {
    ...loaderFunctions(env, tree),
    ...removeFunctions(tree, exceptions, env),
    ...syncCopyFunctions(env, tree, exceptions),
    existsSync: (path: unknown) => exists(tree, path),
  } as Record<string, NodeFunction>
  const copyDirectory = (from: string, to: string, options: CopyOptions) =>
    copyTree(env, tree, exceptions, from, to, options)
  if (isMain) {
    provideFiles(env, descriptors, transfer, {
      ...mapValues(fileOperations, (_name, { run }) => run),
      ...plainFunctions,
      copyDirectory: copyDirectory as NodeFunction,
    })
  }
  const operations: Record<string, Operation> = {
    ...(isMain
      ? fileOperations
      : mapValues(fileOperations, (name, operation) =>
          // These fill the caller's own memory, through `transfer`.
          name === 'read' || name === 'readBuffers'
            ? operation
            : remoteOperation(env, name, operation),
        )),
    openFileHandle: {
      syscall: 'open',
      requestAt: 3,
      pathAt: 0,
      run: (path, flags, mode) =>
        new FileHandle(descriptors.open(pathArgument(path), Number(flags), Number(mode ?? 0o666))),
    },
  }
  return {
    ...mapValues(operations, (name, operation) =>
      defineOperation(env, exceptions, name, operation),
    ),
    ...mapValues(plainFunctions, (name, run) => (isMain ? run : remoteFunction(env, name))),
    ...fileJobs(
      env,
      descriptors,
      transfer,
      exceptions,
      isMain ? copyDirectory : (remoteFunction(env, 'copyDirectory') as typeof copyDirectory),
    ),
    statValues: shared.stat,
    bigintStatValues: shared.bigintStat,
    statFsValues: shared.statFs,
    bigintStatFsValues: shared.bigintStatFs,
    kUsePromises: env.perIsolateSymbols.fs_use_promises_symbol,
    FSReqCallback: requestClass(),
    FileHandle,
    StatWatcher: refusedWatcher('fs.watchFile'),
  }
}

function mapValues<T, R>(from: Record<string, T>, map: (name: string, value: T) => R) {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, map(name, value)]))
}

function exists(tree: FileTree, path: unknown): boolean {
  try {
    tree.find(pathArgument(path))
    return true
  } catch (fault) {
    if (fault instanceof FsFault) return false
    throw fault
  }
}

function requestClass() {
  return class FSReqCallback {
    cancel(): void {}
  }
}

/** Nothing outside the program changes its files, so watching would only ever wait. */
function refusedWatcher(what: string): NodeObject {
  return class StatWatcher {
    constructor() {
      throw unavailableError(what)
    }
  } as unknown as NodeObject
}

export const fsEventWrap: BindingFactory = () => ({
  FSEvent: class FSEvent {
    constructor() {
      throw unavailableError('fs.watch')
    }
  },
})

/** Makes the folders every program expects, the devices, and the null device. */
export function laySystemFolders(env: Env): void {
  const { tree } = env
  for (const path of ['/tmp', '/home', '/usr/local/bin']) tree.layDirectory(path)
  tree.layDirectory('/tmp').mode = 0o041777
  tree.layFile('/usr/local/bin/node', new Uint8Array(0), 0o755)
  const devices = tree.layDirectory('/dev')
  tree.link(devices, 'null', tree.createDevice(-1))
  tree.link(devices, 'stdin', tree.createDevice(0))
  tree.link(devices, 'stdout', tree.createDevice(1))
  tree.link(devices, 'stderr', tree.createDevice(2))
}
