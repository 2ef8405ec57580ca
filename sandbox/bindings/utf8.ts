/** UTF-8 and UTF-16 text against bytes, in plain JavaScript: a host call costs more than most strings here. */

/** Decodes like WHATWG: maximal invalid subparts become U+FFFD. */
export function decodeUtf8(
	bytes: Uint8Array,
	start: number,
	end: number,
): string {
	let ascii = start;
	while (ascii < end && (bytes[ascii] as number) < 0x80) ascii++;
	if (ascii === end) return decodeLatin1(bytes, start, end);
	let text = decodeLatin1(bytes, start, ascii);
	let units: number[] = [];
	let i = ascii;
	while (i < end) {
		const lead = bytes[i++] as number;
		if (lead < 0x80) units.push(lead);
		else {
			const needed =
				lead >= 0xf0 && lead <= 0xf4
					? 3
					: lead >= 0xe0 && lead < 0xf0
						? 2
						: lead >= 0xc2 && lead < 0xe0
							? 1
							: 0;
			if (needed === 0) units.push(0xfffd);
			else {
				let lower = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
				let upper = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
				let point = lead & (needed === 3 ? 7 : needed === 2 ? 15 : 31);
				let isValid = true;
				for (let k = 0; k < needed; k++) {
					const next = i < end ? (bytes[i] as number) : 0;
					if (i >= end || next < lower || next > upper) {
						isValid = false;
						break;
					}
					lower = 0x80;
					upper = 0xbf;
					point = (point << 6) | (next & 63);
					i++;
				}
				if (!isValid) units.push(0xfffd);
				else if (point > 0xffff) {
					units.push(
						0xd800 + ((point - 0x10000) >> 10),
						0xdc00 + ((point - 0x10000) & 0x3ff),
					);
				} else units.push(point);
			}
		}
		if (units.length > 4096) {
			text += String.fromCharCode(...units);
			units = [];
		}
	}
	return text + String.fromCharCode(...units);
}

export function decodeLatin1(
	bytes: Uint8Array,
	start: number,
	end: number,
): string {
	let text = "";
	for (let i = start; i < end; i += 4096) {
		text += String.fromCharCode(...bytes.subarray(i, Math.min(end, i + 4096)));
	}
	return text;
}

export function utf8Length(text: string): number {
	let length = 0;
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit < 0x80) length += 1;
		else if (unit < 0x800) length += 2;
		else if (
			unit >= 0xd800 &&
			unit < 0xdc00 &&
			isLowSurrogate(text.charCodeAt(i + 1))
		) {
			length += 4;
			i++;
		} else length += 3;
	}
	return length;
}

const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit < 0xe000;

/** Writes whole characters only; returns units read and bytes written. */
export function encodeUtf8Into(
	text: string,
	target: Uint8Array,
	offset: number,
	length: number,
): { read: number; written: number } {
	const end = Math.min(target.length, offset + length);
	let at = offset;
	let i = 0;
	for (; i < text.length; i++) {
		let point = text.charCodeAt(i);
		if (point < 0x80) {
			if (at >= end) break;
			target[at++] = point;
			continue;
		}
		let units = 1;
		if (point >= 0xd800 && point < 0xe000) {
			const low = text.charCodeAt(i + 1);
			if (point < 0xdc00 && isLowSurrogate(low)) {
				point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
				units = 2;
			} else point = 0xfffd;
		}
		if (point < 0x800) {
			if (at + 2 > end) break;
			target[at++] = 0xc0 | (point >> 6);
		} else if (point < 0x10000) {
			if (at + 3 > end) break;
			target[at++] = 0xe0 | (point >> 12);
			target[at++] = 0x80 | ((point >> 6) & 63);
		} else {
			if (at + 4 > end) break;
			target[at++] = 0xf0 | (point >> 18);
			target[at++] = 0x80 | ((point >> 12) & 63);
			target[at++] = 0x80 | ((point >> 6) & 63);
			i += units - 1;
		}
		target[at++] = 0x80 | (point & 63);
	}
	return { read: Math.min(i, text.length), written: at - offset };
}

export function encodeUtf8(text: string): Uint8Array {
	const bytes = new Uint8Array(utf8Length(text));
	encodeUtf8Into(text, bytes, 0, bytes.length);
	return bytes;
}

export function decodeUcs2(
	bytes: Uint8Array,
	start: number,
	end: number,
): string {
	let text = "";
	let units: number[] = [];
	for (let i = start; i + 1 < end; i += 2) {
		units.push((bytes[i] as number) | ((bytes[i + 1] as number) << 8));
		if (units.length === 4096) {
			text += String.fromCharCode(...units);
			units = [];
		}
	}
	return text + String.fromCharCode(...units);
}

export function encodeUcs2(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length * 2);
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		bytes[2 * i] = unit;
		bytes[2 * i + 1] = unit >> 8;
	}
	return bytes;
}

export function encodeLatin1(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return bytes;
}
