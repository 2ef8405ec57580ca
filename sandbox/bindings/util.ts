import type { BindingFactory, NodeObject } from "../isolate/env.ts";

const kPending = 0;
const allProperties = 0;
const onlyEnumerable = 2;

export const util: BindingFactory = (env) => ({
	privateSymbols: env.privateSymbols,
	shouldAbortOnUncaughtToggle: new Uint32Array(1),
	isInsideNodeModules: () => false,
	defineLazyProperties(
		target: object,
		id: string,
		keys: string[],
		isEnumerable = true,
	) {
		for (const key of keys)
			defineLazy(env.requireBuiltin, target, id, key, isEnumerable);
	},
	getOwnNonIndexProperties(target: object, filter: number) {
		const keys: PropertyKey[] = [];
		for (const key of Reflect.ownKeys(target)) {
			if (typeof key === "string" && isIndex(key)) continue;
			if (filter === allProperties || isEnumerable(target, key)) keys.push(key);
		}
		return keys;
	},
	getConstructorName(value: object) {
		for (
			let object: object | null = value;
			object !== null;
			object = Object.getPrototypeOf(object)
		) {
			const constructor = Object.getOwnPropertyDescriptor(object, "constructor")
				?.value as unknown;
			if (typeof constructor === "function" && constructor.name !== "")
				return constructor.name;
		}
		return "";
	},
	getExternalValue: () => 0n,
	getPromiseDetails: () => [kPending, undefined],
	getProxyDetails(value: unknown, isShowing = true) {
		if (!env.intrinsics.isProxy(value)) return undefined;
		const target = env.intrinsics.proxyTarget(value);
		return isShowing ? [target, env.intrinsics.proxyHandler(value)] : target;
	},
	getCallerLocation: () => undefined,
	previewEntries(value: object, isIterator: boolean) {
		return previewEntries(value, isIterator);
	},
	getCallSites(count: number) {
		return callSites(count);
	},
	sleep() {},
	parseEnv(text: string) {
		return env.door("util.parseEnv", text);
	},
	arrayBufferViewHasBuffer: () => true,
	getSharedArrayBufferGrowable: () => false,
	markPromiseAsHandled(promise: Promise<unknown>) {
		promise.catch(() => {});
	},
	/** An index into Node's list of handle types: FILE for the standard streams, else UNKNOWN. */
	guessHandleType: (fd: number) => (fd <= 2 ? 3 : 5),
	constructSharedArrayBuffer() {
		throw new RangeError("Array buffer allocation failed");
	},
	...typeChecks(env.internalBinding("types")),
});

function typeChecks(types: NodeObject): NodeObject {
	return {
		...types,
		isArrayBufferView: ArrayBuffer.isView,
		isTypedArray: (value: unknown) =>
			ArrayBuffer.isView(value) && !(value instanceof DataView),
		isUint8Array: (value: unknown) =>
			ArrayBuffer.isView(value) &&
			Object.prototype.toString.call(value) === "[object Uint8Array]",
	};
}

function defineLazy(
	requireBuiltin: (id: string) => NodeObject,
	target: object,
	id: string,
	key: string,
	enumerable: boolean,
): void {
	let value: unknown;
	let isLoaded = false;
	const accessors = {
		get [key]() {
			if (!isLoaded) {
				value = requireBuiltin(id)[key];
				isLoaded = true;
			}
			return value;
		},
		set [key](next: unknown) {
			Object.defineProperty(target, key, {
				value: next,
				writable: true,
				enumerable: true,
				configurable: true,
			});
		},
	};
	const descriptor = Object.getOwnPropertyDescriptor(
		accessors,
		key,
	) as PropertyDescriptor;
	Object.defineProperty(target, key, {
		...descriptor,
		enumerable,
		configurable: true,
	});
}

function isIndex(key: string): boolean {
	const index = Number(key);
	return index >= 0 && index < 4294967295 && String(index >>> 0) === key;
}

function isEnumerable(target: object, key: PropertyKey): boolean {
	return Object.getOwnPropertyDescriptor(target, key)?.enumerable === true;
}

/**
 * Entries of a collection for `inspect`. V8 peeks at an iterator without moving it; from JavaScript that cannot be
 * done, so an iterator shows no entries rather than being consumed.
 */
function previewEntries(value: object, isIterator: boolean): unknown {
	const tag = Object.prototype.toString.call(value);
	const isPairs = tag === "[object Map]" || tag === "[object WeakMap]";
	const entries: unknown[] = [];
	if (tag === "[object Map]")
		for (const pair of value as Map<unknown, unknown>) entries.push(...pair);
	if (tag === "[object Set]") entries.push(...(value as Set<unknown>));
	return isIterator ? [entries, isPairs] : entries;
}

interface CallSiteRecord {
	functionName: string;
	scriptId: string;
	scriptName: string;
	lineNumber: number;
	columnNumber: number;
	column: number;
}

function callSites(count: number): CallSiteRecord[] {
	const holder: { stack?: NodeJS.CallSite[] } = {};
	const previous = Error.prepareStackTrace;
	const limit = Error.stackTraceLimit;
	try {
		Error.stackTraceLimit = count + 2;
		Error.prepareStackTrace = (_error, sites) => sites;
		Error.captureStackTrace(holder);
		const sites = holder.stack ?? [];
		return sites.slice(2, count + 2).map((site) => ({
			functionName: site.getFunctionName() ?? "",
			scriptId: "0",
			scriptName: site.getFileName() ?? "",
			lineNumber: site.getLineNumber() ?? 0,
			columnNumber: site.getColumnNumber() ?? 0,
			column: site.getColumnNumber() ?? 0,
		}));
	} finally {
		Error.prepareStackTrace = previous;
		Error.stackTraceLimit = limit;
	}
}
