import { unavailableError } from "../isolate/compose-binding.ts";
import type { BindingFactory } from "../isolate/env.ts";

export const messaging: BindingFactory = (env) => {
	class MessagePort {
		constructor() {
			throw new TypeError("Illegal constructor");
		}
	}
	class MessageChannel {
		constructor() {
			throw unavailableError("MessageChannel");
		}
	}
	return {
		MessageChannel,
		MessagePort,
		setDeserializerCreateObjectFunction() {},
		exposeLazyDOMExceptionProperty(target: object) {
			Object.defineProperty(target, "DOMException", {
				get: () => env.perContext.DOMException,
				set(value: unknown) {
					Object.defineProperty(target, "DOMException", {
						value,
						writable: true,
						configurable: true,
					});
				},
				enumerable: false,
				configurable: true,
			});
		},
	};
};
