import type { DoorHost, DoorOps } from "./door.ts";

/** Parameters by kind of builtin, as `BuiltinLoader::LookupAndCompile` has them. */
function parametersOf(id: string): string {
	if (id === "internal/bootstrap/realm") {
		return "process, getLinkedBinding, getInternalBinding, primordials";
	}
	if (id.startsWith("internal/per_context/")) {
		return "exports, primordials, privateSymbols, perIsolateSymbols";
	}
	if (id.startsWith("internal/main/") || id.startsWith("internal/bootstrap/")) {
		return "process, require, internalBinding, primordials";
	}
	return "exports, require, module, process, internalBinding, primordials";
}

/** Compiles Node's own library on demand, each builtin as a script of its own so that stack frames read `node:…`. */
export function compileOps(host: DoorHost): DoorOps {
	return {
		builtin(id: string) {
			const source = host.facts.source(id)
      if (source === undefined) return undefined;
			const head = `(function (${parametersOf(id)}) {`;
			const script = host.isolate.compileScriptSync(`${head}${source}\n})`, {
				filename: `node:${id}`,
				columnOffset: -head.length,
			});
			const fn = script.runSync(host.context, { reference: true });
			script.release();
			return fn.derefInto({ release: true });
		},
	};
}
