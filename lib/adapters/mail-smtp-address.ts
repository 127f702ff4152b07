/** What `smtp://user:password@host:port?tls=…&connections=…` says. */
export type SmtpAddress = {
  readonly host: string
  readonly port: number
  /** From the first byte (`smtps:`), insisted on (`required`), or used where it is offered. */
  readonly tls: 'implicit' | 'required' | 'offered'
  readonly auth: { readonly user: string; readonly pass: string } | undefined
  readonly connections: number
}

const mostConnections = 50

/** @throws an Error that says what is wrong, without the password. */
export function parseSmtpAddress(text: string): SmtpAddress {
  const url = parsed(text)
  const isImplicit = url.protocol === 'smtps:'
  for (const name of url.searchParams.keys()) if (name !== 'tls' && name !== 'connections') throw new Error(`it has "${name}="; it takes tls= and connections=`)
  const auth = url.username === '' ? undefined : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isImplicit ? 465 : 587) : Number(url.port),
    tls: isImplicit ? 'implicit' : tlsOf(url.searchParams.get('tls'), auth !== undefined),
    auth,
    connections: connectionsOf(url.searchParams.get('connections')),
  }
}

function parsed(text: string): URL {
  const url = URL.parse(text)
  if (url === null || url.hostname === '' || !['smtp:', 'smtps:'].includes(url.protocol) || !['', '/'].includes(url.pathname) || url.hash !== '')
    throw new Error('it is not smtp://[user:password@]host[:port]')
  return url
}

/** A password never goes over an open line unless that was asked for in so many words: whoever sits in between could take the offer of TLS away. */
function tlsOf(asked: string | null, hasPassword: boolean): 'required' | 'offered' {
  if (asked === null) return hasPassword ? 'required' : 'offered'
  if (asked !== 'required' && asked !== 'offered') throw new Error(`tls= is "${asked}"; it takes required or offered`)
  return asked
}

function connectionsOf(asked: string | null): number {
  const count = asked === null ? 5 : Number(asked)
  if (!Number.isInteger(count) || count < 1 || count > mostConnections)
    throw new Error(`connections= is "${asked}"; it takes a whole number from 1 to ${mostConnections}`)
  return count
}
