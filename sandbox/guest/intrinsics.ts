import { setFlagsFromString } from 'node:v8'
import type ivm from 'isolated-vm'

/**
 * V8 runtime functions for the isolate's own use: draining microtasks inside an entry, looking through proxies, private
 * symbols, termination. The flag that lets a script name them is on only while this text compiles. Each function is
 * parenthesised so that it compiles eagerly, and the guest process runs with `--no-flush-bytecode`: nothing here is ever
 * parsed again with the flag off. What breaks if that fails: boot throws a SyntaxError, loudly.
 */
const source = `({
  runMicrotasks: (function runMicrotasks() { %PerformMicrotaskCheckpoint() }),
  isProxy: (function isProxy(value) { return %IsJSProxy(value) }),
  proxyTarget: (function proxyTarget(proxy) { return %JSProxyGetTarget(proxy) }),
  proxyHandler: (function proxyHandler(proxy) { return %JSProxyGetHandler(proxy) }),
  createPrivateSymbol: (function createPrivateSymbol(name) { return %CreatePrivateSymbol(name) }),
  detachArrayBuffer: (function detachArrayBuffer(buffer) { %ArrayBufferDetach(buffer) }),
  haveSameMap: (function haveSameMap(a, b) { return %HaveSameMap(a, b) }),
  terminate: (function terminate() { %TerminateExecution() }),
})`

/** A reference to the isolate's intrinsics object. Must run before any other script of the isolate. */
export function compileIntrinsics(isolate: ivm.Isolate, context: ivm.Context): ivm.Reference {
  setFlagsFromString('--allow-natives-syntax')
  try {
    const script = isolate.compileScriptSync(source, {
      filename: 'assay:intrinsics',
    })
    return script.runSync(context, { reference: true })
  } finally {
    setFlagsFromString('--no-allow-natives-syntax')
  }
}
