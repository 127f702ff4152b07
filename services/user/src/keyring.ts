import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import type { Static } from 'typebox'
import type { Jwks } from '#contracts/user'
import { type Instant, instantOf, toDate } from '#kernel/time'
import type { AccessClaims } from '#kit/access-tokens'
import { accessTokenRules } from '#kit/access-tokens'
import type { Clock, Ids } from '#ports/clock'
import type { Db, Queryable, Tx } from '#ports/db'
import { decideKeys } from './domain/key-rotation.ts'

/**
 * The keys that sign access tokens, in the service's own table so that all replicas sign alike. The first is made on first use, a new one every 30
 * days, under a lock. A new key is used at once: a verifier that meets an unknown `kid` fetches the set. Replicas look every ten minutes, so one may
 * sign with the key before for that long; it stays published for over an hour (domain/key-rotation.ts).
 */
export type Keyring = {
  sign(claims: AccessClaims): Promise<string>
  publicKeys(): Promise<Static<typeof Jwks>>
  /** Makes a key when one is due, forgets those no token needs, learns what other replicas have made. */
  rotate(): Promise<void>
}

type StoredKey = { readonly kid: string; readonly createdAt: Instant; readonly publicJwk: JWK; readonly privateJwk: JWK }
type Signer = { readonly kid: string; readonly key: Awaited<ReturnType<typeof importJWK>> }
/** Another replica's new key shows here after this long at most. */
const publishedForMs = 5_000

export function openKeyring({ db, clock, ids }: { db: Db; clock: Clock; ids: Ids }): Keyring {
  let signer: Signer | undefined
  let published: { keys: StoredKey[]; readAt: number } | undefined
  let starting: Promise<Signer> | undefined

  const rotate = async (): Promise<Signer> => {
    const keys = await db.transaction((tx) => rotateUnderLock(tx, clock.now(), ids))
    const newest = keys[0]
    if (!newest) throw new Error('there is no signing key after a rotation')
    if (signer?.kid !== newest.kid) signer = { kid: newest.kid, key: await importJWK(newest.privateJwk, accessTokenRules.algorithm) }
    published = { keys, readAt: clock.now() }
    return signer
  }
  const start = () => {
    starting ??= rotate().finally(() => {
      starting = undefined
    })
    return starting
  }

  return {
    async sign({ sub, ...claims }) {
      const { kid, key } = signer ?? (await start())
      const { issuer, audience, type, algorithm, lifetimeSeconds } = accessTokenRules
      const now = Math.floor(clock.now() / 1_000)
      return new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: type, kid })
        .setSubject(sub)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(key)
    },
    async publicKeys() {
      if (!signer) await start()
      if (!published || clock.now() - published.readAt > publishedForMs) published = { keys: await listKeys(db), readAt: clock.now() }
      return { keys: published.keys.map(publicOf) }
    },
    rotate: async () => void (await rotate()),
  }
}

async function rotateUnderLock(tx: Tx, now: Instant, ids: Ids): Promise<StoredKey[]> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('competa-arena user signing keys'))`)
  const keys = await listKeys(tx)
  const { needsNew, expired } = decideKeys(keys, now)
  if (expired.length > 0) await tx.query('delete from signing_keys where kid = any($1::text[])', [expired])
  if (needsNew) await insertKey(tx, await makeKey(ids.next(), now))
  return needsNew || expired.length > 0 ? listKeys(tx) : keys
}

async function makeKey(kid: string, createdAt: Instant): Promise<StoredKey> {
  const { publicKey, privateKey } = await generateKeyPair(accessTokenRules.algorithm, { crv: 'Ed25519', extractable: true })
  return { kid, createdAt, publicJwk: await exportJWK(publicKey), privateJwk: await exportJWK(privateKey) }
}

async function insertKey(tx: Tx, key: StoredKey): Promise<void> {
  await tx.query('insert into signing_keys (kid, public_jwk, private_jwk, created_at) values ($1, $2, $3, $4)', [
    key.kid,
    JSON.stringify(key.publicJwk),
    JSON.stringify(key.privateJwk),
    toDate(key.createdAt),
  ])
}

/** Newest first. */
async function listKeys(q: Queryable): Promise<StoredKey[]> {
  const { rows } = await q.query<{ kid: string; public_jwk: JWK; private_jwk: JWK; created_at: Date }>(
    'select kid, public_jwk, private_jwk, created_at from signing_keys order by created_at desc, kid desc',
  )
  return rows.map((row) => ({ kid: row.kid, createdAt: instantOf(row.created_at), publicJwk: row.public_jwk, privateJwk: row.private_jwk }))
}

/** Named fields only: the private part cannot slip out. */
const publicOf = ({ kid, publicJwk }: StoredKey) => ({
  kty: String(publicJwk.kty),
  crv: String(publicJwk.crv),
  x: String(publicJwk.x),
  kid,
  alg: accessTokenRules.algorithm,
  use: 'sig',
})
