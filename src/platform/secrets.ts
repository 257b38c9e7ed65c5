import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * Bearer secrets: `<prefix>_<organization 22><secret 43><checksum 6>`, all base62. The organization travels inside, so that a
 * look-up touches one shard; the checksum lets scanners and typing errors be told from guesses without a query. Only the SHA-256
 * of the whole text is stored: 256 random bits need no slow hash.
 */

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const shape = /^([a-z]{2,6})_([0-9A-Za-z]{22})([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/

export type MintedToken = {
  /** The secret itself: shown once, never stored. */
  readonly token: string
  /** SHA-256 of the token. */
  readonly hash: Buffer
  /** Its first characters, enough to tell tokens apart in a list. */
  readonly hint: string
}

export type PresentedToken = { readonly prefix: string; readonly orgId: string; readonly hash: Buffer }

function base62(bytes: Uint8Array, length: number): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (let i = 0; i < length; i++) {
    text = alphabet.charAt(Number(value % 62n)) + text
    value /= 62n
  }
  return text
}

function uuidOf(text: string): string {
  let value = 0n
  for (const letter of text) value = value * 62n + BigInt(alphabet.indexOf(letter))
  const hex = value.toString(16).padStart(32, '0').slice(-32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function checksum(text: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text))
  return base62(bytes, 6)
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Makes a token of 256 random bits. `prefix` is 2–6 small letters and names the kind; `orgId` is a UUID. */
export function mintToken(prefix: string, orgId: string): MintedToken {
  const organization = base62(Buffer.from(orgId.replaceAll('-', ''), 'hex'), 22)
  const body = `${prefix}_${organization}${base62(randomBytes(32), 43)}`
  const token = body + checksum(body)
  return { token, hash: sha256(token), hint: `${prefix}_…${token.slice(-4)}` }
}

/** Reads a presented token; undefined where it cannot be one of ours. Says nothing about whether it is valid. */
export function readToken(text: string): PresentedToken | undefined {
  const [, prefix, organization, , sum] = shape.exec(text) ?? []
  if (!prefix || !organization || !sum || checksum(text.slice(0, -6)) !== sum) return undefined
  return { prefix, orgId: uuidOf(organization), hash: sha256(text) }
}
