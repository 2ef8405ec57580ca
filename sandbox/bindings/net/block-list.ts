import type { BindingFactory } from '../../isolate/env.ts'
import { registerMaker } from '../messaging/message-bytes.ts'
import { registerCloner } from '../messaging/structured-clone.ts'
import { canonicalIp, formatIPv6, parseIPv4, parseIPv6 } from './addresses.ts'

const inet = 2
const inet6 = 10

/** Sixteen bytes for comparing; IPv4 addresses compare as their mapped form. */
function comparable(address: string): Uint8Array {
  const v4 = parseIPv4(address)
  if (v4 === null) return parseIPv6(address) ?? new Uint8Array(16)
  const bytes = new Uint8Array(16)
  bytes[10] = 255
  bytes[11] = 255
  bytes.set(v4, 12)
  return bytes
}

function compare(one: Uint8Array, other: Uint8Array): number {
  for (let i = 0; i < 16; i++) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

interface Rule {
  text: string
  matches(bytes: Uint8Array): boolean
}

/** `block_list`: the addresses and rules behind `net.SocketAddress` and `net.BlockList`. */
export const blockList: BindingFactory = () => {
  class SocketAddress {
    #address: string
    #port: number
    #family: number
    #flowLabel: number

    constructor(address: string, port: number, family: number, flowLabel: number) {
      const bytes = family === inet6 ? parseIPv6(address) : parseIPv4(address)
      if (bytes === null) {
        throw Object.assign(new Error('Invalid address'), { code: 'ERR_INVALID_ADDRESS' })
      }
      this.#address = family === inet6 ? formatIPv6(bytes) : bytes.join('.')
      this.#port = port
      this.#family = family
      this.#flowLabel = flowLabel
      registerCloner(
        this,
        () => this,
        () => ({ kind: 'block_list.SocketAddress', data: [address, port, family, flowLabel] }),
      )
    }

    detail(out: object): object {
      return Object.assign(out, {
        address: this.#address,
        port: this.#port,
        family: this.#family,
        flowlabel: this.#flowLabel,
      })
    }

    legacyDetail(out: object): object {
      const family = this.#family === inet6 ? 'IPv6' : 'IPv4'
      return Object.assign(out, { address: this.#address, family, port: this.#port })
    }

    flowlabel(): number {
      return this.#flowLabel
    }

    get [detailKey](): { address: string; family: number } {
      return { address: this.#address, family: this.#family }
    }
  }

  class BlockList {
    #rules: Rule[] = []

    constructor() {
      // In Node threads share one list; a copy would say the same only until the first change.
      registerCloner(this, () => this)
    }

    addAddress(address: SocketAddress): void {
      this.#rules.push(addressRule(address))
    }

    addAddresses(addresses: SocketAddress[]): void {
      for (const address of addresses) this.addAddress(address)
    }

    addRange(start: SocketAddress, end: SocketAddress): boolean {
      const rule = rangeRule(start, end)
      if (rule === undefined) return false
      this.#rules.push(rule)
      return true
    }

    addSubnet(network: SocketAddress, prefix: number): void {
      this.#rules.push(subnetRule(network, prefix))
    }

    removeAddress(address: SocketAddress): void {
      this.#remove(addressRule(address).text)
    }

    removeRange(start: SocketAddress, end: SocketAddress): void {
      this.#remove(rangeRule(start, end)?.text)
    }

    removeSubnet(network: SocketAddress, prefix: number): void {
      this.#remove(subnetRule(network, prefix).text)
    }

    check(address: SocketAddress): boolean {
      return this.#matches(address[detailKey].address)
    }

    checkString(address: string): boolean {
      return canonicalIp(address) !== undefined && this.#matches(address)
    }

    getRules(): string[] {
      const kinds = ['Address', 'Subnet', 'Range']
      return kinds.flatMap((kind) =>
        this.#rules.map((rule) => rule.text).filter((text) => text.startsWith(kind)),
      )
    }

    getSize(): number {
      return this.#rules.length
    }

    clear(): void {
      this.#rules = []
    }

    #matches(address: string): boolean {
      const bytes = comparable(address)
      return this.#rules.some((rule) => rule.matches(bytes))
    }

    #remove(text: string | undefined): void {
      this.#rules = this.#rules.filter((rule) => rule.text !== text)
    }
  }

  const label = ({ [detailKey]: { address, family } }: SocketAddress) =>
    `${family === inet6 ? 'IPv6' : 'IPv4'} ${address}`

  function addressRule(address: SocketAddress): Rule {
    const wanted = comparable(address[detailKey].address)
    return {
      text: `Address: ${label(address)}`,
      matches: (bytes) => compare(bytes, wanted) === 0,
    }
  }

  function rangeRule(start: SocketAddress, end: SocketAddress): Rule | undefined {
    const low = comparable(start[detailKey].address)
    const high = comparable(end[detailKey].address)
    if (compare(low, high) > 0) return undefined
    return {
      text: `Range: ${label(start)}-${end[detailKey].address}`,
      matches: (bytes) => compare(bytes, low) >= 0 && compare(bytes, high) <= 0,
    }
  }

  function subnetRule(network: SocketAddress, prefix: number): Rule {
    const { address, family } = network[detailKey]
    const base = comparable(address)
    const bits = family === inet ? 96 + prefix : prefix
    return {
      text: `Subnet: ${label(network)}/${prefix}`,
      matches(bytes) {
        for (let i = 0; i < 16; i++) {
          const kept = Math.max(0, Math.min(8, bits - 8 * i))
          const mask = (0xff00 >> kept) & 0xff
          if (((bytes[i] ?? 0) & mask) !== ((base[i] ?? 0) & mask)) return false
        }
        return true
      },
    }
  }

  registerMaker(
    'block_list.SocketAddress',
    (slots: ConstructorParameters<typeof SocketAddress>) => new SocketAddress(...slots),
  )
  return { BlockList, SocketAddress }
}

const detailKey = Symbol('detail')
