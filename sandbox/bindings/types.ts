import type { BindingFactory } from "../isolate/env.ts";

type Probe = (value: unknown) => boolean;

/** A brand check by a method that throws on anything without the internal slot. Proxies have no slots, so they fail. */
function brand(read: (value: never) => unknown): Probe {
	return (value) => {
		if (typeof value !== "object" || value === null) return false;
		try {
			read(value as never);
			return true;
		} catch {
			return false;
		}
	};
}

const getter = (prototype: object, key: PropertyKey) => {
	const get = Object.getOwnPropertyDescriptor(prototype, key)?.get as (
		this: unknown,
	) => unknown;
	return (value: never) => Reflect.apply(get, value, []);
};
const method = (fn: unknown, ...args: unknown[]) => {
	return (value: never) => Reflect.apply(fn as never, value, args as never);
};

/** Type checks by internal slot, with everything they use captured before any candidate code can run. */
export const types: BindingFactory = (env) => {
	const { toString } = Object.prototype;
	const tagOf = (value: unknown) =>
		Reflect.apply(toString, value, []) as string;
	const byTag = (tag: string): Probe => {
		return (value) =>
			typeof value === "object" &&
			value !== null &&
			!env.intrinsics.isProxy(value) &&
			tagOf(value) === tag;
	};
	const functionTag = (tag: string): Probe => {
		return (value) => typeof value === "function" && tagOf(value) === tag;
	};
	const { isError } = Error as unknown as { isError: Probe };
	const isArrayBuffer = brand(getter(ArrayBuffer.prototype, "byteLength"));
	const isSharedArrayBuffer = brand(
		getter(SharedArrayBuffer.prototype, "byteLength"),
	);
	const isBoolean = brand(method(Boolean.prototype.valueOf));
	const isNumber = brand(method(Number.prototype.valueOf));
	const isString = brand(method(String.prototype.valueOf));
	const isSymbol = brand(method(Symbol.prototype.valueOf));
	const isBigInt = brand(method(BigInt.prototype.valueOf));
	const weakKey = {};
	const mapIterator = Object.getPrototypeOf(new Map().entries()) as {
		next: unknown;
	};
	const setIterator = Object.getPrototypeOf(new Set().entries()) as {
		next: unknown;
	};
	const PromisePrototype = Promise.prototype;
	const isPromise: Probe = (value) =>
		typeof value === "object" &&
		value !== null &&
		!env.intrinsics.isProxy(value) &&
		value !== PromisePrototype &&
		value instanceof Promise;
	const generatorTag = byTag("[object Generator]");
	const asyncGeneratorTag = byTag("[object AsyncGenerator]");
	return {
		isExternal: () => false,
		isDate: brand(method(Date.prototype.getTime)),
		isArgumentsObject: byTag("[object Arguments]"),
		isBigIntObject: isBigInt,
		isBooleanObject: isBoolean,
		isNumberObject: isNumber,
		isStringObject: isString,
		isSymbolObject: isSymbol,
		isBoxedPrimitive: (value: unknown) =>
			isNumber(value) ||
			isString(value) ||
			isBoolean(value) ||
			isBigInt(value) ||
			isSymbol(value),
		isNativeError: (value: unknown) => isError(value),
		isRegExp: (value: unknown) => isRegExp(value),
		isAsyncFunction: (value: unknown) =>
			functionTag("[object AsyncFunction]")(value) ||
			functionTag("[object AsyncGeneratorFunction]")(value),
		isGeneratorFunction: (value: unknown) =>
			functionTag("[object GeneratorFunction]")(value) ||
			functionTag("[object AsyncGeneratorFunction]")(value),
		isGeneratorObject: (value: unknown) =>
			generatorTag(value) || asyncGeneratorTag(value),
		isPromise,
		isMap: brand(getter(Map.prototype, "size")),
		isSet: brand(getter(Set.prototype, "size")),
		// Iterators have no brand check without a step, so the tag decides; a forged tag fools only the forger's output.
		isMapIterator: (value: unknown) =>
			byTag("[object Map Iterator]")(value) && hasPrototype(value, mapIterator),
		isSetIterator: (value: unknown) =>
			byTag("[object Set Iterator]")(value) && hasPrototype(value, setIterator),
		isWeakMap: brand(method(WeakMap.prototype.has, weakKey)),
		isWeakSet: brand(method(WeakSet.prototype.has, weakKey)),
		isArrayBuffer,
		isSharedArrayBuffer,
		isAnyArrayBuffer: (value: unknown) =>
			isArrayBuffer(value) || isSharedArrayBuffer(value),
		isDataView: brand(getter(DataView.prototype, "byteLength")),
		isProxy: (value: unknown) => env.intrinsics.isProxy(value),
		isModuleNamespaceObject: byTag("[object Module]"),
		isEventTarget: () => false,
	};

	function isRegExp(value: unknown): boolean {
		return readsSource(value) && value !== RegExp.prototype;
	}
};

const readsSource = brand(getter(RegExp.prototype, "source"));

function hasPrototype(value: unknown, prototype: object): boolean {
	return Object.getPrototypeOf(value) === prototype;
}
