/** `String.fromCharCode` takes its bytes as arguments, and engines limit how many. */
const chunkBytes = 32_768

/** Bytes as base64 text, as the live connection carries them. */
export function bytesToBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let index = 0; index < bytes.length; index += chunkBytes) {
    binary += String.fromCharCode(...bytes.subarray(index, index + chunkBytes))
  }
  return btoa(binary)
}

/** @throws DOMException when the text is not base64. */
export function base64ToBytes(text: string): Uint8Array {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index)
  return bytes
}
