/** Where an S3-compatible store answers, read from one URL. Pure. */

export type S3Address = {
  /** `https://host:port` as it is connected to and signed for. */
  readonly origin: string
  readonly host: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The path of an object in a request; nothing in it needs escaping twice. */
  readonly pathOf: (key: string) => string
  /** What a message may call it: without the keys. */
  readonly name: string
}

const form = 's3://ACCESS_KEY:SECRET_KEY@host[:port]/bucket[/prefix][?region=…][&style=path|host][&tls=on|off]'
const parameters = ['region', 'style', 'tls']
/** S3's own rule for new buckets, less the rarities; it keeps a bucket's name harmless in a path and in a host's name. */
const isBucket = (name: string) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)
const isPrefix = (parts: readonly string[]) => parts.every((part) => /^[\w.-]{1,100}$/.test(part) && !/^\.+$/.test(part))

/**
 * `style=path` (default) asks for `/bucket/key`, which MinIO, Ceph, Garage and SeaweedFS take as they come; `style=host` for `bucket.host/key`, as
 * Amazon wants it. `tls=off` is for a store on the same machine or inside a network of one's own: keys are never sent in either case, contents are.
 * @throws an Error of one line that shows the form and no part of what was given: it holds the keys.
 */
export function parseS3Address(url: string): S3Address {
  const parsed = URL.parse(url)
  const [bucket = '', ...prefix] = (parsed?.pathname ?? '').split('/').filter(Boolean)
  if (parsed?.protocol !== 's3:' || parsed.host === '' || parsed.username === '' || parsed.password === '')
    throw new Error(`not the address of an S3 store; expected ${form} (in the keys, write / as %2F, + as %2B and @ as %40)`)
  const unknown = [...parsed.searchParams.keys()].find((key) => !parameters.includes(key))
  if (unknown !== undefined) throw new Error(`the address of the S3 store has the parameter "${unknown}"; it takes ${parameters.join(', ')}`)
  if (!isBucket(bucket) || !isPrefix(prefix)) throw new Error(`the address of the S3 store names no usable bucket or prefix; expected ${form}`)
  const choose = <const T extends string>(key: string, allowed: readonly [T, ...T[]]): T => {
    const value = parsed.searchParams.get(key) ?? allowed[0]
    const found = allowed.find((each) => each === value)
    if (found === undefined) throw new Error(`the address of the S3 store has ${key}=${value}; it takes ${allowed.join(' or ')}`)
    return found
  }
  const style = choose('style', ['path', 'host'])
  const host = style === 'host' ? `${bucket}.${parsed.host}` : parsed.host
  const base = ['', ...(style === 'path' ? [bucket] : []), ...prefix].join('/')
  const origin = `${choose('tls', ['on', 'off']) === 'on' ? 'https' : 'http'}://${host}`
  return {
    origin,
    host,
    bucket,
    region: parsed.searchParams.get('region') ?? 'us-east-1',
    accessKeyId: decodeURIComponent(parsed.username),
    secretAccessKey: decodeURIComponent(parsed.password),
    pathOf: (key) => `${base}/${key}`,
    name: `the store ${origin}`,
  }
}
