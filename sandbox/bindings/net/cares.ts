import type { BindingFactory, Env, NodeFunction } from '../../isolate/env.ts'
import { canonicalIp, familyOf, parseIPv6 } from './addresses.ts'
import { errno } from './errno.ts'
import { networkOf } from './network.ts'
import { type AsyncWrap, wrapsOf } from './wrap.ts'

const v4Mapped = 8
const all = 16
const orderV4First = 1
const orderV6First = 2

/** The names that a machine knows without asking anyone. */
const ownNames: Record<string, string[]> = { localhost: ['127.0.0.1'] }

const services: Record<number, string> = {
  21: 'ftp',
  22: 'ssh',
  25: 'smtp',
  53: 'domain',
  80: 'http',
  110: 'pop3',
  143: 'imap2',
  443: 'https',
  3306: 'mysql',
  5432: 'postgresql',
  8080: 'http-alt',
}

interface Request extends AsyncWrap {
  oncomplete?: unknown
}

/** `cares_wrap`: names are those of the world. Nothing else resolves, and no packet leaves. */
export const caresWrap: BindingFactory = (env) => {
  const { AsyncWrap } = wrapsOf(env)
  const requestClass = (provider: string, name: string) => {
    const Wrap = class extends AsyncWrap {
      constructor() {
        super(provider)
      }
    }
    Object.defineProperty(Wrap, 'name', { value: name })
    return Wrap
  }
  return {
    GetAddrInfoReqWrap: requestClass('GETADDRINFOREQWRAP', 'GetAddrInfoReqWrap'),
    GetNameInfoReqWrap: requestClass('GETNAMEINFOREQWRAP', 'GetNameInfoReqWrap'),
    QueryReqWrap: requestClass('QUERYWRAP', 'QueryReqWrap'),
    ChannelWrap: defineChannel(env),
    getaddrinfo(request: Request, name: string, family: number, hints: number, order: number) {
      resolve(env, String(name), (addresses, error) => {
        const found = error === null ? select(addresses, family, hints, order) : []
        const status =
          error === 'EAI_AGAIN' ? errno.EAI_AGAIN : found.length === 0 ? errno.EAI_NONAME : 0
        complete(env, request, status === 0 ? null : status, found)
      })
      return 0
    },
    getnameinfo(request: Request, address: string, port: number) {
      const isOwn = Object.values(ownNames).some((own) => own.includes(address))
      env.loop.queueJob(() => {
        if (!isOwn) complete(env, request, errno.EAI_NONAME)
        else complete(env, request, null, 'localhost', services[port] ?? String(port))
      })
      return 0
    },
    canonicalizeIP: (text: string) => canonicalIp(String(text)),
    convertIpv6StringToBuffer(text: string) {
      const bytes = parseIPv6(String(text))
      if (bytes === null) throw new Error('Invalid IPv6 address')
      const { from } = env.requireBuiltin('buffer').Buffer as unknown as { from: NodeFunction }
      return from(bytes)
    },
    strerror: (code: number) => strerror[code] ?? 'unknown',
  }
}

const strerror = [
  'Successful completion',
  'DNS server returned answer with no data',
  'DNS server claims query was misformatted',
  'DNS server returned general failure',
  'Domain name not found',
  'DNS server does not implement requested operation',
  'DNS server refused query',
  'Misformatted DNS query',
  'Misformatted domain name',
  'Unsupported address family',
]

/** Answers from the machine's own names, else from the world; always later, and keeping the program alive. */
function resolve(
  env: Env,
  name: string,
  done: (addresses: string[], error: string | null) => void,
): void {
  const own = ownNames[name.toLowerCase().replace(/\.$/, '')] ?? ownAddress(name)
  if (own !== undefined) {
    env.loop.queueJob(() => done(own, null), 'GetAddrInfoReqWrap')
    return
  }
  env.loop.addActive('GetAddrInfoReqWrap')
  const frame = env.contextFrame.get()
  networkOf(env).lookup(name, (addresses, error) => {
    env.loop.queuePoll(() => {
      env.loop.removeActive('GetAddrInfoReqWrap')
      done(addresses, error)
    }, frame)
  })
}

function ownAddress(name: string): string[] | undefined {
  const address = canonicalIp(name)
  return address === undefined ? undefined : [address]
}

function select(addresses: string[], family: number, hints: number, order: number): string[] {
  const v4 = addresses.filter((address) => familyOf(address) === 4)
  const v6 = addresses.filter((address) => familyOf(address) === 6)
  if (family === 4) return v4
  if (family === 6) {
    const mapped = v4.map((address) => `::ffff:${address}`)
    if ((hints & v4Mapped) === 0) return v6
    return (hints & all) !== 0 ? [...v6, ...mapped] : v6.length > 0 ? v6 : mapped
  }
  if (order === orderV4First) return [...v4, ...v6]
  return order === orderV6First ? [...v6, ...v4] : [...addresses]
}

function complete(env: Env, request: Request, ...args: unknown[]): void {
  const { oncomplete } = request
  if (typeof oncomplete !== 'function') return
  wrapsOf(env).runInScope(request, () => (oncomplete as NodeFunction).apply(request, args))
}

/** A `dns.Resolver`: A and AAAA queries answer from the world, every other record type has no data. */
function defineChannel(env: Env) {
  const { AsyncWrap } = wrapsOf(env)

  class ChannelWrap extends AsyncWrap {
    #servers: [string, number][] = [['127.0.0.53', 53]]
    #pending = new Set<Request>()

    constructor() {
      super('DNSCHANNEL')
    }

    getServers(): [string, number][] {
      return this.#servers.map(([address, port]) => [address, port])
    }

    setServers(servers: [number, string, number][]): number {
      if (this.#pending.size > 0) {
        throw Object.assign(new Error('There are pending queries.'), {
          code: 'ERR_DNS_SET_SERVERS_FAILED',
        })
      }
      this.#servers = servers.map(([, address, port]) => [address, port])
      return 0
    }

    setLocalAddress(): void {}

    cancel(): void {
      for (const request of this.#pending) {
        this.#pending.delete(request)
        env.loop.queueJob(() => complete(env, request, 'ECANCELLED'))
      }
    }

    query(request: Request, name: string, answer: (addresses: string[]) => unknown[]): number {
      this.#pending.add(request)
      resolve(env, String(name), (addresses, error) => {
        if (!this.#pending.delete(request)) return
        const records = error === null ? answer(addresses) : []
        if (records.length > 0)
          complete(
            env,
            request,
            0,
            records,
            records.map(() => 0),
          )
        else complete(env, request, queryError(error))
      })
      return 0
    }
  }

  const { query } = ChannelWrap.prototype
  Reflect.deleteProperty(ChannelWrap.prototype, 'query')
  const ofFamily = (family: 4 | 6) => (addresses: string[]) =>
    addresses.filter((address) => familyOf(address) === family)
  const answers: Record<string, (addresses: string[]) => unknown[]> = {
    queryA: ofFamily(4),
    queryAaaa: ofFamily(6),
    queryAny: (addresses) =>
      addresses.map((address) => ({
        address,
        ttl: 0,
        type: familyOf(address) === 4 ? 'A' : 'AAAA',
      })),
  }
  const others = 'Caa Cname Mx Naptr Ns Ptr Soa Srv Tlsa Txt'
    .split(' ')
    .map((type) => `query${type}`)
  for (const method of ['queryA', 'queryAaaa', 'queryAny', 'getHostByAddr', ...others]) {
    const answer = answers[method] ?? (() => [])
    Object.defineProperty(ChannelWrap.prototype, method, {
      value(this: ChannelWrap, request: Request, name: string) {
        return query.call(this, request, name, answer)
      },
      writable: true,
      configurable: true,
    })
  }
  return ChannelWrap
}

function queryError(error: string | null): string {
  if (error === null) return 'ENODATA'
  return error === 'EAI_AGAIN' ? 'ETIMEOUT' : 'ENOTFOUND'
}
