import type { BindingFactory, NodeFunction } from "../isolate/env.ts";

export const errors: BindingFactory = (env) => ({
	setPrepareStackTraceCallback() {},
	setGetSourceMapErrorSource() {},
	setSourceMapsEnabled() {},
	setMaybeCacheGeneratedSourceMap() {},
	setEnhanceStackForFatalException() {},
	noSideEffectsToString(value: unknown) {
		try {
			return typeof value === "symbol" ? value.toString() : String(value);
		} catch {
			return "#<Object>";
		}
	},
	triggerUncaughtException: (error: unknown, isFromPromise: boolean) =>
		env.triggerUncaught(error, isFromPromise),
	getErrorSourcePositions: (error: Error) =>
		({ error }) as unknown as NodeFunction,
});
