import type { BindingFactory } from "../isolate/env.ts";
import { decodeLatin1, decodeUcs2, decodeUtf8 } from "./utf8.ts";

const encodings = [
	"ascii",
	"utf8",
	"base64",
	"utf16le",
	"latin1",
	"hex",
	"buffer",
	"base64url",
];

interface Layout {
	kIncompleteCharactersStart: number;
	kMissingBytes: number;
	kBufferedBytes: number;
	kEncodingField: number;
}

/**
 * Incremental decoding with Node's own state layout (`src/string_decoder.h`): up to four held bytes, how many are
 * still missing, how many are held.
 */
export const stringDecoder: BindingFactory = (env) => {
	const layout = env.facts.bindingConstants.string_decoder as unknown as Layout;
	const { kBufferedBytes, kMissingBytes, kEncodingField } = layout;

	function decode(state: Uint8Array, input: ArrayBufferView): string {
		const chunk = new Uint8Array(
			input.buffer,
			input.byteOffset,
			input.byteLength,
		);
		const encoding = encodings[state[kEncodingField] as number] ?? "utf8";
		const held = state[kBufferedBytes] as number;
		let bytes = chunk;
		if (held > 0) {
			bytes = new Uint8Array(held + chunk.length);
			bytes.set(state.subarray(0, held));
			bytes.set(chunk, held);
		}
		const complete = completeLength(encoding, bytes);
		const rest = bytes.subarray(complete);
		state.set(rest.subarray(0, 4));
		state[kBufferedBytes] = rest.length;
		state[kMissingBytes] = rest.length === 0 ? 0 : missing(encoding, rest);
		return text(encoding, bytes, complete);
	}

	function flush(state: Uint8Array): string {
		const encoding = encodings[state[kEncodingField] as number] ?? "utf8";
		let held = state[kBufferedBytes] as number;
		if (encoding === "utf16le" && held % 2 === 1) held--;
		const out = held === 0 ? "" : text(encoding, state.slice(0, held), held);
		state[kBufferedBytes] = 0;
		state[kMissingBytes] = 0;
		return out;
	}

	return { encodings, decode, flush };
};

/** How many leading bytes form whole characters. */
function completeLength(encoding: string, bytes: Uint8Array): number {
	switch (encoding) {
		case "utf8":
			return bytes.length - incompleteUtf8(bytes);
		case "utf16le": {
			const even = bytes.length - (bytes.length % 2);
			const last = even >= 2 ? (bytes[even - 1] as number) : 0;
			return last >= 0xd8 && last <= 0xdb ? even - 2 : even;
		}
		case "base64":
		case "base64url":
			return bytes.length - (bytes.length % 3);
		default:
			return bytes.length;
	}
}

/** Length of a trailing, so far valid, unfinished UTF-8 sequence. */
function incompleteUtf8(bytes: Uint8Array): number {
	for (let back = 1; back <= Math.min(3, bytes.length); back++) {
		const byte = bytes[bytes.length - back] as number;
		if ((byte & 0xc0) === 0x80) continue;
		const needed =
			byte >= 0xf0 && byte <= 0xf4
				? 4
				: byte >= 0xe0 && byte < 0xf0
					? 3
					: byte >= 0xc2 && byte < 0xe0
						? 2
						: 1;
		if (needed <= back) return 0;
		if (back > 1) {
			const second = bytes[bytes.length - back + 1] as number;
			if (byte === 0xe0 && second < 0xa0) return 0;
			if (byte === 0xed && second > 0x9f) return 0;
			if (byte === 0xf0 && second < 0x90) return 0;
			if (byte === 0xf4 && second > 0x8f) return 0;
		}
		return back;
	}
	return 0;
}

function missing(encoding: string, rest: Uint8Array): number {
	if (encoding === "utf8") {
		const lead = rest[0] as number;
		return (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2) - rest.length;
	}
	if (encoding === "utf16le") return rest.length % 2 === 1 ? 1 : 2;
	return 3 - rest.length;
}

type WithBase64 = Uint8Array & {
	toBase64(options?: { alphabet: "base64url"; omitPadding: boolean }): string;
	toHex(): string;
};

function text(encoding: string, bytes: Uint8Array, length: number): string {
	const part = bytes.subarray(0, length) as WithBase64;
	switch (encoding) {
		case "utf16le":
			return decodeUcs2(bytes, 0, length);
		case "base64":
			return part.toBase64();
		case "base64url":
			return part.toBase64({ alphabet: "base64url", omitPadding: true });
		case "hex":
			return part.toHex();
		case "latin1":
			return decodeLatin1(bytes, 0, length);
		case "ascii":
			return decodeLatin1(
				part.map((byte) => byte & 127),
				0,
				length,
			);
		default:
			return decodeUtf8(bytes, 0, length);
	}
}
