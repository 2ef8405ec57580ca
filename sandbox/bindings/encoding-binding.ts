import type { BindingFactory } from "../isolate/env.ts";
import { decodeUtf8, encodeUtf8, encodeUtf8Into } from "./utf8.ts";

export const encodingBinding: BindingFactory = (env) => {
	const encodeIntoResults = new Uint32Array(2);
	return {
		encodeIntoResults,
		encodeUtf8String: encodeUtf8,
		encodeInto(text: string, target: Uint8Array) {
			const { read, written } = encodeUtf8Into(text, target, 0, target.length);
			encodeIntoResults[0] = read;
			encodeIntoResults[1] = written;
		},
		decodeUTF8(
			input: ArrayBufferView | ArrayBuffer,
			isIgnoringBom: boolean,
			isFatal: boolean,
		) {
			const bytes = ArrayBuffer.isView(input)
				? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
				: new Uint8Array(input);
			const hasBom =
				bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
			const start = hasBom && !isIgnoringBom ? 3 : 0;
			const text = decodeUtf8(bytes, start, bytes.length);
			if (
				isFatal &&
				text.includes("\ufffd") &&
				!isValid(bytes.subarray(start), text)
			) {
				throw Object.assign(
					new TypeError("The encoded data was not valid for encoding utf-8"),
					{
						code: "ERR_ENCODING_INVALID_ENCODED_DATA",
					},
				);
			}
			return text;
		},
		toASCII: (text: string) => env.door("url.toAscii", text),
		toUnicode: (text: string) => env.door("url.toUnicode", text),
	};
};

function isValid(bytes: Uint8Array, text: string): boolean {
	const again = encodeUtf8(text);
	return (
		again.length === bytes.length && again.every((byte, i) => byte === bytes[i])
	);
}
