/**
 * The only way out to addresses that a flow names: connections to hosts that `TONVAL_FETCH_HOSTS` allows and to nothing
 * else. A host that only a pattern covers must have a public address. That is looked at in the address which the
 * connection is then made to, so that a name cannot answer with one address to the check and another to the connection.
 */
import { lookup as systemLookup } from 'node:dns'
import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, buildConnector } from 'undici'
import { allowedAs, allowedBy } from '../compile/allowed-hosts.ts'

/** Milliseconds for a connection to come about, the name's address and TLS included. Callers wait for less. */
const CONNECT_TIMEOUT = 5000
/** Connections to one host at a time; further requests wait for one of them. */
const MOST_CONNECTIONS = 64
/** Bytes of a reply's headers. */
const MOST_HEADERS = 16 * 1024

/** An address that may not be asked. The message says why, in words, and names nothing but the host. */
export class NotReachable extends Error {
  readonly code = 'not-reachable'
}

/** Asks for all addresses of a name, as `dns.lookup` does. */
export type Resolve = (name: string, then: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void) => void

export interface Reach {
  /** For undici's `request`: it refuses by itself what may not be reached, with NotReachable, wherever a redirect leads. */
  readonly dispatcher: Agent
  /** The entry of `TONVAL_FETCH_HOSTS` that allows an address: of those there are few, whatever flows ask. */
  entry(url: URL): string | undefined
  /** Why an address may not be asked, in words; undefined where nothing is against it as far as its letters tell. */
  refusal(url: URL): string | undefined
  /** Breaks off what is under way. */
  close(): Promise<void>
}

/** Opens the way out; `hosts` as readHosts gives them. Connections stay open and are used again. */
export function openReach(hosts: readonly string[], resolve: Resolve = fromSystem): Reach {
  const shared = onceAtATime(resolve)
  const options = { timeout: CONNECT_TIMEOUT, maxCachedSessions: 100 }
  const toAny = buildConnector({ ...options, lookup: lookupOf(shared, () => true) })
  const toPublic = buildConnector({ ...options, lookup: lookupOf(shared, isPublic) })
  const dispatcher = new Agent({
    connections: MOST_CONNECTIONS, pipelining: 1, maxHeaderSize: MOST_HEADERS,
    connect(to, done) {
      const url = new URL(`${to.protocol}//${to.hostname.includes(':') && !to.hostname.startsWith('[') ? `[${to.hostname}]` : to.hostname}:${to.port}`)
      const against = refusal(hosts, url)
      if (against !== undefined) done(new NotReachable(against), null)
      else (allowedAs(hosts, url) === 'named' ? toAny : toPublic)(to, done)
    },
  })
  return { dispatcher, entry: url => allowedBy(hosts, url), refusal: url => refusal(hosts, url), close: () => dispatcher.destroy() }
}

function refusal(hosts: readonly string[], url: URL): string | undefined {
  const allowed = allowedAs(hosts, url)
  if (allowed === undefined) return `TONVAL_FETCH_HOSTS does not list ${url.host}`
  const address = url.hostname.replace(/^\[|\]$/g, '')
  // no name is looked up for an address, so it is looked at here
  if (allowed === 'covered' && ipaddr.isValid(address) && !isPublic(address)) return notPublic(address, address)
  return undefined
}

function notPublic(host: string, address: string): string {
  return host === address ? `${address} is no public address, and TONVAL_FETCH_HOSTS does not name it` : `${host} has the address ${address}, which is not public, and TONVAL_FETCH_HOSTS does not name ${host}`
}

/** Whether an address can be the same machine for everybody: not this machine, its own network, or none at all. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const one = ipaddr.process(address)
  // of IPv6 only 2000::/3 was given out; old forms that carry an IPv4 address lie outside
  return one.range() === 'unicast' && (one.kind() === 'ipv4' || ((one as ipaddr.IPv6).parts[0] as number) >> 13 === 1)
}

/** What Node asks when it connects to a name: it connects to what it is given here and to nothing else. */
function lookupOf(resolve: Resolve, isFit: (address: string) => boolean): LookupFunction {
  return (name, options, done) => {
    resolve(name, (error, addresses) => {
      const family = options.family === 4 || options.family === 'IPv4' ? 4 : options.family === 6 || options.family === 'IPv6' ? 6 : 0
      const fit = addresses.filter(one => isFit(one.address) && (family === 0 || one.family === family))
      const first = fit[0]
      if (error !== null) done(error, '', 0)
      else if (first === undefined) done(new NotReachable(addresses[0] === undefined ? `${name} has no address` : notPublic(name, addresses[0].address)), '', 0)
      else if (options.all === true) done(null, fit)
      else done(null, first.address, first.family)
    })
  }
}

function fromSystem(name: string, then: Parameters<Resolve>[1]): void {
  systemLookup(name, { all: true }, (error, addresses) => then(error, error === null ? addresses : []))
}

/** A name is asked for once at a time: each question holds one of Node's few threads for as long as the name's server is silent. */
function onceAtATime(resolve: Resolve): Resolve {
  const waiting = new Map<string, Parameters<Resolve>[1][]>()
  return (name, then) => {
    const others = waiting.get(name)
    if (others !== undefined) {
      others.push(then)
      return
    }
    const all = [then]
    waiting.set(name, all)
    resolve(name, (error, addresses) => {
      waiting.delete(name)
      for (const one of all) one(error, addresses)
    })
  }
}
