import type { BindingFactory, NodeFunction } from "../isolate/env.ts";

export const taskQueue: BindingFactory = (env) => {
	const binding = {
		tickInfo: new Uint8Array(2),
		/** `processTicksAndRejections`, once Node sets it. */
		tickCallback: undefined as NodeFunction | undefined,
		/** Node's promise-rejection handler; the host calls it through `Guest.reject`. */
		promiseRejectCallback: undefined as NodeFunction | undefined,
		runMicrotasks: () => env.intrinsics.runMicrotasks(),
		setTickCallback(callback: NodeFunction) {
			binding.tickCallback = callback;
		},
		enqueueMicrotask(callback: () => void) {
			const then = resolved.then;
			then.call(resolved, () => {
				try {
					callback();
				} catch (error) {
					env.triggerUncaught(error, false);
				}
			});
		},
		setPromiseRejectCallback(callback: NodeFunction) {
			binding.promiseRejectCallback = callback;
		},
	};
	const resolved = Promise.resolve();
	const { then } = Promise.prototype;
	Object.defineProperty(resolved, "then", { value: then });
	return binding;
};
