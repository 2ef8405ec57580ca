/** Names of the world and the addresses they stand for; every name has an address of its own. */
export class Names {
  #addresses = new Map<string, string>()
  #names = new Map<string, string>()
  #owners = new Map<string, string>()
  #next = 1

  /** Gives a name to a member and returns its address. A known name keeps its address and changes hands. */
  assign(name: string, owner: string): string {
    const address = this.reserve(name)
    this.#owners.set(address, owner)
    return address
  }

  /** The address of a name that may have no owner yet. */
  reserve(name: string): string {
    const key = normalized(name)
    let address = this.#addresses.get(key)
    if (address === undefined) {
      const n = this.#next++
      address = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
      this.#addresses.set(key, address)
      this.#names.set(address, key)
    }
    return address
  }

  /** The address of a name that somebody owns. */
  addressOf(name: string): string | undefined {
    const address = this.#addresses.get(normalized(name))
    return address !== undefined && this.#owners.has(address) ? address : undefined
  }

  nameOf(address: string): string | undefined {
    return this.#names.get(address)
  }

  firstNameOf(owner: string): string | undefined {
    for (const [address, current] of this.#owners) {
      if (current === owner) return this.#names.get(address)
    }
    return undefined
  }

  ownerOf(address: string): string | undefined {
    return this.#owners.get(address)
  }
}

export function normalized(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
