import type { BindingFactory } from "../isolate/env.ts";
import {
	decodeLatin1,
	decodeUcs2,
	decodeUtf8,
	encodeLatin1,
	encodeUcs2,
	encodeUtf8,
	encodeUtf8Into,
	utf8Length,
} from "./utf8.ts";

type Bytes = Uint8Array;

interface ByteArray extends Uint8Array<ArrayBuffer> {
	toBase64(options?: {
		alphabet?: "base64" | "base64url";
		omitPadding?: boolean;
	}): string;
	toHex(): string;
}

const plain = (bytes: Bytes, start: number, end: number): ByteArray =>
	new Uint8Array(
		bytes.buffer,
		bytes.byteOffset + start,
		end - start,
	) as ByteArray;

/** `buf.xSlice(start, end)` as methods, bounds as Node's C++ clamps them. */
function slicer(decode: (bytes: Bytes, start: number, end: number) => string) {
	return function slice(this: Bytes, start = 0, end = this.length) {
		const from = Math.min(Math.max(0, start), this.length);
		const to = Math.min(Math.max(from, end), this.length);
		return decode(this, from, to);
	};
}

/** `buf.xWrite(text, offset, length)` as methods; returns bytes written. */
function writer(encode: (text: string) => Bytes, unit = 1) {
	return function write(
		this: Bytes,
		text: string,
		offset = 0,
		length = this.length - offset,
	) {
		return put(this, encode(text), offset, length, unit);
	};
}

/** The same as functions of `(buf, text, offset, length)`. */
function staticWriter(encode: (text: string) => Bytes) {
	return (
		target: Bytes,
		text: string,
		offset = 0,
		length = target.length - offset,
	) => put(target, encode(text), offset, length, 1);
}

function put(
	target: Bytes,
	bytes: Bytes,
	offset: number,
	length: number,
	unit: number,
): number {
	if (offset > target.length) {
		throw Object.assign(
			new RangeError('"offset" is outside of buffer bounds'),
			{
				code: "ERR_BUFFER_OUT_OF_BOUNDS",
			},
		);
	}
	let count = Math.min(bytes.length, length, target.length - offset);
	count -= count % unit;
	target.set(count === bytes.length ? bytes : bytes.subarray(0, count), offset);
	return count;
}

export function encodeHex(text: string): Bytes {
	const bytes = new Uint8Array(text.length >> 1);
	for (let i = 0; i < bytes.length; i++) {
		const high = hexDigit(text.charCodeAt(2 * i));
		const low = hexDigit(text.charCodeAt(2 * i + 1));
		if (high < 0 || low < 0) return bytes.subarray(0, i);
		bytes[i] = high * 16 + low;
	}
	return bytes;
}

function hexDigit(code: number): number {
	if (code >= 48 && code <= 57) return code - 48;
	const lower = code | 32;
	return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Node's forgiving base64: both alphabets, junk skipped, stops at padding. */
export function encodeBase64(text: string): Bytes {
	const out = new Uint8Array(Math.ceil((text.length * 3) / 4));
	let at = 0;
	let bits = 0;
	let held = 0;
	for (let i = 0; i < text.length; i++) {
		const value = base64Value(text.charCodeAt(i));
		if (value === -2) break;
		if (value < 0) continue;
		held = (held << 6) | value;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[at++] = (held >> bits) & 255;
		}
	}
	return out.subarray(0, at);
}

function base64Value(code: number): number {
	if (code >= 65 && code <= 90) return code - 65;
	if (code >= 97 && code <= 122) return code - 71;
	if (code >= 48 && code <= 57) return code + 4;
	if (code === 43 || code === 45) return 62;
	if (code === 47 || code === 95) return 63;
	return code === 61 ? -2 : -1;
}

function compareBytes(a: Bytes, b: Bytes): number {
	const length = Math.min(a.length, b.length);
	for (let i = 0; i < length; i++) {
		const difference = (a[i] as number) - (b[i] as number);
		if (difference !== 0) return difference < 0 ? -1 : 1;
	}
	return Math.sign(a.length - b.length);
}

/** As Node's `IndexOfOffset`, then a plain search; `step` is 2 for UTF-16. */
function search(
	hay: Bytes,
	needle: Bytes,
	offset: number,
	isForward: boolean,
	step = 1,
): number {
	let from = Math.trunc(offset) || 0;
	if (from < 0) from += hay.length;
	if (from < 0) {
		if (!isForward) return -1;
		from = 0;
	}
	if (from > hay.length) {
		if (isForward) return -1;
		from = hay.length;
	}
	if (needle.length === 0) return from;
	const last = hay.length - needle.length;
	if (last < 0) return -1;
	if (isForward) {
		for (let i = from; i <= last; i += step)
			if (matches(hay, needle, i)) return i;
	} else {
		for (let i = Math.min(from, last); i >= 0; i -= step)
			if (matches(hay, needle, i)) return i;
	}
	return -1;
}

function matches(hay: Bytes, needle: Bytes, at: number): boolean {
	for (let j = 0; j < needle.length; j++)
		if (hay[at + j] !== needle[j]) return false;
	return true;
}

const encoders: Record<string, (text: string) => Bytes> = {
	utf8: encodeUtf8,
	ucs2: encodeUcs2,
	utf16le: encodeUcs2,
	latin1: encodeLatin1,
	ascii: encodeLatin1,
	hex: encodeHex,
	base64: encodeBase64,
	base64url: encodeBase64,
};

/** Node passes encodings as numbers of `enum encoding`. */
const encodingNames = [
	"ascii",
	"utf8",
	"base64",
	"ucs2",
	"latin1",
	"hex",
	"buffer",
	"base64url",
];
const encoderOf = (encoding: unknown) =>
	encoders[
		typeof encoding === "number"
			? (encodingNames[encoding] ?? "utf8")
			: String(encoding ?? "utf8")
	] ?? encodeUtf8;

const view = (value: ArrayBufferView | ArrayBuffer): ByteArray =>
	(ArrayBuffer.isView(value)
		? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
		: new Uint8Array(value)) as ByteArray;

function swap(bytes: Bytes, size: number): Bytes {
	for (let i = 0; i + size <= bytes.length; i += size)
		plain(bytes, i, i + size).reverse();
	return bytes;
}

export const buffer: BindingFactory = () => ({
	setBufferPrototype() {},
	setDetachKey() {},
	createUnsafeArrayBuffer: (size: number) => new ArrayBuffer(size),
	arrayBufferAlignedOffset: () => 0,
	byteLengthUtf8: utf8Length,
	compare: (a: ArrayBufferView, b: ArrayBufferView) =>
		compareBytes(view(a), view(b)),
	compareOffset(
		source: Bytes,
		target: Bytes,
		targetStart: number,
		sourceStart: number,
		targetLength: number,
		sourceLength: number,
	) {
		if (sourceStart > source.length || targetStart > target.length) {
			throw Object.assign(
				new RangeError('The value of "sourceStart" is out of range.'),
				{ code: "ERR_OUT_OF_RANGE" },
			);
		}
		return compareBytes(
			plain(
				source,
				sourceStart,
				Math.min(source.length, sourceStart + sourceLength),
			),
			plain(
				target,
				targetStart,
				Math.min(target.length, targetStart + targetLength),
			),
		);
	},
	copy(
		source: ArrayBufferView,
		target: ArrayBufferView,
		targetStart: number,
		sourceStart: number,
		count: number,
	) {
		view(target).set(
			view(source).subarray(sourceStart, sourceStart + count),
			targetStart,
		);
		return count;
	},
	copyArrayBuffer(
		target: ArrayBuffer,
		targetOffset: number,
		source: ArrayBuffer,
		sourceOffset: number,
		count: number,
	) {
		new Uint8Array(target, targetOffset, count).set(
			new Uint8Array(source, sourceOffset, count),
		);
	},
	/** Returns -1 for an empty pattern and -2 for bounds outside, as the C++ does. */
	fill(
		target: ArrayBufferView,
		value: unknown,
		start: number,
		end: number,
		encoding: unknown,
	) {
		const bytes = view(target);
		if (start < 0 || end > bytes.length) return -2;
		if (start >= end) return undefined;
		if (typeof value === "string" || ArrayBuffer.isView(value)) {
			const pattern =
				typeof value === "string" ? encoderOf(encoding)(value) : view(value);
			if (pattern.length === 0) return -1;
			for (let i = start, j = 0; i < end; i++, j = (j + 1) % pattern.length)
				bytes[i] = pattern[j] as number;
			return undefined;
		}
		bytes.fill(Number(value) & 255, start, end);
		return undefined;
	},
	indexOfBuffer: (
		hay: Bytes,
		needle: Bytes,
		offset: number,
		encoding: unknown,
		isForward: boolean,
	) =>
		search(
			view(hay),
			view(needle),
			offset,
			isForward,
			encodingNames[encoding as number] === "ucs2" ? 2 : 1,
		),
	indexOfNumber: (
		hay: Bytes,
		needle: number,
		offset: number,
		isForward: boolean,
	) => search(view(hay), new Uint8Array([needle & 255]), offset, isForward),
	indexOfString: (
		hay: Bytes,
		needle: string,
		offset: number,
		encoding: unknown,
		isForward: boolean,
	) =>
		search(
			view(hay),
			encoderOf(encoding)(needle),
			offset,
			isForward,
			encodingNames[encoding as number] === "ucs2" ? 2 : 1,
		),
	swap16: (bytes: Bytes) => swap(bytes, 2),
	swap32: (bytes: Bytes) => swap(bytes, 4),
	swap64: (bytes: Bytes) => swap(bytes, 8),
	isUtf8: (value: ArrayBufferView | ArrayBuffer) => {
		const bytes = view(value);
		const text = decodeUtf8(bytes, 0, bytes.length);
		return (
			!text.includes("\ufffd") || compareBytes(encodeUtf8(text), bytes) === 0
		);
	},
	isAscii: (value: ArrayBufferView | ArrayBuffer) =>
		view(value).every((byte) => byte < 128),
	atob: forgivingAtob,
	btoa: (text: string) => {
		for (let i = 0; i < text.length; i++)
			if (text.charCodeAt(i) > 255) return -1;
		return (encodeLatin1(text) as ByteArray).toBase64();
	},
	asciiSlice: slicer((bytes, start, end) =>
		decodeLatin1(
			plain(bytes, start, end).map((byte) => byte & 127),
			0,
			end - start,
		),
	),
	latin1Slice: slicer((bytes, start, end) =>
		decodeLatin1(plain(bytes, start, end), 0, end - start),
	),
	utf8Slice: slicer((bytes, start, end) =>
		decodeUtf8(plain(bytes, start, end), 0, end - start),
	),
	ucs2Slice: slicer(decodeUcs2),
	hexSlice: slicer((bytes, start, end) => plain(bytes, start, end).toHex()),
	base64Slice: slicer((bytes, start, end) =>
		plain(bytes, start, end).toBase64(),
	),
	base64urlSlice: slicer((bytes, start, end) =>
		plain(bytes, start, end).toBase64({
			alphabet: "base64url",
			omitPadding: true,
		}),
	),
	base64Write: writer(encodeBase64),
	base64urlWrite: writer(encodeBase64),
	hexWrite: writer(encodeHex),
	ucs2Write: writer(encodeUcs2, 2),
	asciiWriteStatic: staticWriter(encodeLatin1),
	latin1WriteStatic: staticWriter(encodeLatin1),
	utf8WriteStatic: (
		target: Bytes,
		text: string,
		offset = 0,
		length = target.length - offset,
	) => encodeUtf8Into(text, target, offset, length).written,
});

/** WHATWG forgiving-base64 decode to a binary string; -1 bad character, -2 single left-over, -3 other fault. */
function forgivingAtob(input: string): string | number {
	let text = input.replace(/[\t\n\f\r ]/g, "");
	if (text.length % 4 === 0) text = text.replace(/={1,2}$/, "");
	if (text.length % 4 === 1) return -3;
	if (/[^A-Za-z0-9+/]/.test(text)) return -1;
	const bytes = encodeBase64(text);
	return decodeLatin1(bytes, 0, bytes.length);
}
