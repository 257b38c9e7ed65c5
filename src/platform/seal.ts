import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/**
 * Text that goes out and comes back unread and unchanged: AES-256-GCM, which signs as it encrypts. Each purpose has a key of its own,
 * derived with HMAC-SHA-256, so what was sealed for one opens for no other, and the random nonces of one key stay far below the
 * number at which two could meet (2^32, NIST SP 800-38D §8.3). Sealed text is base64url: unreserved characters (RFC 3986 §2.3).
 */

const nonceBytes = 12
const tagBytes = 16

const keyOf = (secret: Buffer, purpose: string): Buffer => createHmac('sha256', secret).update(purpose).digest()

/** Seals a text. `secret` has 32 bytes; `purpose` says what for, as exactly as opening shall be bound to it. */
export function seal(secret: Buffer, purpose: string, text: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret, purpose), nonce, { authTagLength: tagBytes })
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** The text that was sealed with this secret for this purpose; undefined for anything else. */
export function unseal(secret: Buffer, purpose: string, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  // The decoder skips what is no base64url; one text has one spelling here.
  if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== sealed) return undefined
  const nonce = bytes.subarray(0, nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret, purpose), nonce, { authTagLength: tagBytes })
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
  try {
    return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}
