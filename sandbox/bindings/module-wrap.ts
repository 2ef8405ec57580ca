import type { BindingFactory } from '../isolate/env.ts'
import { createModuleWrapClass } from './module-wrap/class.ts'
import { createEvaluations } from './module-wrap/evaluation.ts'
import { createImports } from './module-wrap/imports.ts'
import { createSlots } from './module-wrap/slots.ts'

/** ES modules: V8's own records on the host's side of the door, Node's loader above. */
export const moduleWrap: BindingFactory = (env) => {
  const slots = createSlots(env)
  const imports = createImports(env)
  const evaluations = createEvaluations(env, slots)
  const ModuleWrap = createModuleWrapClass(env, slots, imports, evaluations)
  return {
    ModuleWrap,
    setImportModuleDynamicallyCallback: imports.setDynamicCallback,
    setInitializeImportMetaObjectCallback: imports.setMetaCallback,
    setImportMetaResolveInitializer: imports.setResolveInitializer,
    importDynamically: imports.importDynamically,
    /** Modules of a graph that await at top level and are not done, outermost first. */
    waitingModules: (root: object) => ModuleWrap.waitingIn(root),
    judgeRejection: evaluations.judge,
    createRequiredModuleFacade(wrap: object) {
      return slots.receive((slot) => env.door('module.facade', ModuleWrap.hostIdOf(wrap), slot))[0]
    },
    // A promise's state cannot be read from here; the loader awaits the same promise right after.
    throwIfPromiseRejected() {},
  }
}
