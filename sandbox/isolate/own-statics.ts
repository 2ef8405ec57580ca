/**
 * What our own code means by these names: `JSON`, `Reflect` and `Object` are copies made before any program runs, the others
 * the very same functions, read once. The bundler puts them in
 * place of the globals (see `runtime/isolate-bundle.ts`), for Node's real bindings are C++ that no program can patch: a
 * program that replaces `JSON.stringify` must break nothing but itself.
 */
function copyStatics<Namespace extends object>(target: object, source: Namespace): Namespace {
  const descriptors = globalThis.Object.getOwnPropertyDescriptors(source)
  return globalThis.Object.defineProperties(target, descriptors) as Namespace
}

const ownJson = copyStatics({}, globalThis.JSON)
const ownReflect = copyStatics({}, globalThis.Reflect)
const NativeObject = globalThis.Object
const ownObject = copyStatics(
  // A function so that its `prototype` can be the real one.
  function OwnObject(value: unknown): unknown {
    return NativeObject(value)
  },
  NativeObject,
)

const ownMap = globalThis.Map
const ownSet = globalThis.Set
const ownString = globalThis.String
const ownUint8Array = globalThis.Uint8Array
const ownWeakMap = globalThis.WeakMap

export {
  ownJson as JSON,
  ownMap as Map,
  ownObject as Object,
  ownReflect as Reflect,
  ownSet as Set,
  ownString as String,
  ownUint8Array as Uint8Array,
  ownWeakMap as WeakMap,
}
