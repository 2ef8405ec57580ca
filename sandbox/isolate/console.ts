/**
 * Gives Node's console what only V8's own has (`profile`, `timeStamp`, `context`), as Node does where it has an inspector.
 * Here they reach nobody.
 * @param bareConsole the realm's console before Node put its own in place
 */
export function completeConsole(bareConsole: Console): void {
  for (const [key, value] of Object.entries(bareConsole)) {
    if (!(key in console)) Object.assign(console, { [key]: value })
    // Aliases have names of their own.
    else Object.defineProperty(Reflect.get(console, key), 'name', { value: key })
  }
}
