import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Secrets that have to rest in events and queues for a while are sealed (AES-256-GCM), and links that users bring back are signed (HMAC-SHA-256), each
 * under a key of its own that is derived from the deployment's secret and the purpose: whoever reads a database or a backup gets nothing, and what was
 * made for one purpose is worth nothing for another. Only processes that hold the deployment's secret can do either: the judge cannot.
 */
export type Seals = {
  /** base64url; never twice the same for the same text. */
  seal(purpose: SealPurpose, text: string): string
  /** Undefined for whatever was not sealed here for this purpose. */
  open(purpose: SealPurpose, sealed: string): string | undefined
  /** 22 characters of base64url (128 bits): the same for the same text. */
  sign(purpose: SealPurpose, text: string): string
  /** In constant time. */
  isSigned(purpose: SealPurpose, text: string, signature: string): boolean
}
export type SealPurpose = 'account-mail' | 'unsubscribe' | 'sandbox-webhook'

const nonceBytes = 12
const tagBytes = 16
const signatureBytes = 16

/** `secret` undefined (a judge's process): every call throws. */
export function openSeals(secret: string | undefined): Seals {
  const keys = new Map<SealPurpose, Buffer>()
  const keyOf = (purpose: SealPurpose): Buffer => {
    if (secret === undefined) throw new Error(`this process holds no secret to seal with (${purpose})`)
    const key = keys.get(purpose) ?? Buffer.from(hkdfSync('sha256', secret, 'competa-arena', `seal:${purpose}`, 32))
    keys.set(purpose, key)
    return key
  }
  const sign = (purpose: SealPurpose, text: string) => createHmac('sha256', keyOf(purpose)).update(text).digest().subarray(0, signatureBytes)
  return {
    seal(purpose, text) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', keyOf(purpose), nonce)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')
    },
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length < nonceBytes + tagBytes) return undefined
      const cipher = createDecipheriv('aes-256-gcm', keyOf(purpose), bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      cipher.setAuthTag(bytes.subarray(-tagBytes))
      try {
        return Buffer.concat([cipher.update(bytes.subarray(nonceBytes, -tagBytes)), cipher.final()]).toString('utf8')
      } catch {
        return undefined // another key, or another text than was sealed
      }
    },
    sign: (purpose, text) => sign(purpose, text).toString('base64url'),
    isSigned(purpose, text, signature) {
      const given = Buffer.from(signature, 'base64url')
      const right = sign(purpose, text)
      return given.length === right.length && timingSafeEqual(given, right)
    },
  }
}
