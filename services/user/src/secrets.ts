import { createHash, randomBytes, randomInt } from 'node:crypto'

/** 256 random bits as base64url (43 letters): refresh tokens and device names. Only their SHA-256 is stored, so a read database opens no session. */
export const randomToken = () => randomBytes(32).toString('base64url')
export const hashToken = (token: string): Uint8Array => createHash('sha256').update(token).digest()

const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789' // without i, l, o, 0, 1: it is read aloud and copied from paper
/** Four groups of four letters, 79 bits. */
export const randomPassword = () => Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('')).join('-')
