import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** What is known of a request's client: the address, whether its connection is encrypted, and the host it asked for. */
export type Client = { readonly address: string; readonly isSecure: boolean; readonly host: string | undefined }
export type ProxyTrust = {
  /** What the proxies in front say of the client, or undefined when the connection comes from nobody who is believed. */
  told(peerAddress: string, headers: IncomingHttpHeaders): Client | undefined
}

/**
 * Whose word on a client is believed (`X-Forwarded-For`, `-Proto`, `-Host`): only that of the proxies named, addresses or CIDR blocks. The client is the
 * last address of the list that is no such proxy, since each proxy appends whom it heard; what stands before that anybody may have written.
 */
export function openProxyTrust(blocks: readonly string[]): ProxyTrust {
  const trusted = new BlockList()
  for (const block of blocks) {
    const [address = '', bits] = block.split('/')
    if (bits === undefined) trusted.addAddress(address, familyOf(address))
    else trusted.addSubnet(address, Number(bits), familyOf(address))
  }
  const isTrusted = (address: string) => isIP(address) !== 0 && trusted.check(address, familyOf(address))
  return {
    told(peerAddress, headers) {
      if (!isTrusted(peerAddress)) return undefined
      let address = peerAddress
      for (const hop of listOf(headers['x-forwarded-for']).reverse()) {
        const heard = withoutPort(hop)
        if (isIP(heard) === 0) break // not an address: what stands before it is nobody's word
        address = heard
        if (!isTrusted(heard)) break
      }
      return {
        address,
        isSecure: listOf(headers['x-forwarded-proto']).at(-1)?.toLowerCase() === 'https',
        host: listOf(headers['x-forwarded-host']).at(-1),
      }
    },
  }
}

/** An IPv4 address that came over an IPv6 socket is the same client. */
export const plainAddress = (address: string | undefined): string => (address ?? 'unknown').replace(/^::ffff:(?=\d+\.)/i, '')

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
const listOf = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
/** `1.2.3.4:80`, `[::1]:80` and `[::1]` as some proxies write them. */
const withoutPort = (hop: string) => plainAddress(/^\[(.*)\](:\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop)
