import { BlockList, isIP } from 'node:net'

/**
 * Whether an address is within a list of ranges, IPv4 or IPv6. An IPv4 address written in IPv6 (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2)
 * is the IPv4 address, in the list as in the request.
 */

type Family = 'ipv4' | 'ipv6'
type Range = { readonly address: string; readonly bits: number; readonly family: Family }

const widths = { ipv4: 32, ipv6: 128 } as const

const familyOf = (address: string): Family | undefined => ({ 4: 'ipv4', 6: 'ipv6' })[String(isIP(address))] as Family | undefined

/** The IPv4 address that an IPv6 one stands for, in any of its spellings. */
function unmapped(address: string): string | undefined {
  // The parser of URLs writes every IPv6 address in one way (RFC 5952, but for the dots of the mapped ones).
  const [, high = '', low = ''] = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(new URL(`http://[${address}]`).hostname) ?? []
  const parts = [high, low].map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255])
  return high ? parts.join('.') : undefined
}

/** An address without its zone, mapped ones as IPv4; undefined for what is no address. */
function readAddress(text: string): Omit<Range, 'bits'> | undefined {
  const address = text.trim().split('%')[0] ?? ''
  const family = familyOf(address)
  if (family !== 'ipv6') return family && { address, family }
  const inner = unmapped(address)
  return inner === undefined ? { address, family } : { address: inner, family: 'ipv4' }
}

function readRange(text: string): Range | undefined {
  const [start = '', length, ...more] = text.trim().split('/')
  const read = readAddress(start)
  if (!read || more.length > 0) return undefined
  if (length === undefined) return { ...read, bits: widths[read.family] }
  // A range of mapped addresses counts its bits from the front of the IPv6 address.
  const shift = read.family === 'ipv4' && familyOf(start) === 'ipv6' ? 96 : 0
  const bits = Number(length) - shift
  return /^[0-9]{1,3}$/.test(length) && bits >= 0 && bits <= widths[read.family] ? { ...read, bits } : undefined
}

/** Whether a text is an address or a range, such as `192.0.2.0/24`. */
export function isRange(text: string): boolean {
  return readRange(text) !== undefined
}

/** Whether an address is in one of the ranges; an empty list allows every address. */
export function isAllowed(ranges: readonly string[], ip: string): boolean {
  if (ranges.length === 0) return true
  const caller = readAddress(ip)
  if (!caller) return false
  const list = new BlockList()
  for (const text of ranges) {
    const range = readRange(text)
    if (range) list.addSubnet(range.address, range.bits, range.family)
  }
  return list.check(caller.address, caller.family)
}
