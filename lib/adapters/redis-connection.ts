import { createHash } from 'node:crypto'
import { createClient, ErrorReply } from 'redis'
import { type Ms, ms, seconds } from '#kernel/units'
import { type Log, silentLog } from '#ports/log'

/**
 * One connection to Redis for a process: cache, fan-out and ranked view share it (RESP 3 carries commands and messages on one line; Redis 6 or newer).
 *
 * Redis is never waited for. A call is answered within `patience`, or rejects with `RedisAway`; after one that was not, calls reject at once until a probe is
 * answered. A connection that is lost is made again with growing pauses and jitter; one on which nothing is answered for `deadAfter` (frozen
 * server, half-open line) is thrown away.
 */
export type RedisConnection = {
  /** @throws RedisAway */
  run<T>(ask: (client: RedisClient) => Promise<T>, patience?: Ms): Promise<T>
  /** @throws RedisAway */
  runScript(script: Script, given: ScriptInput, patience?: Ms): Promise<unknown>
  /** Called whenever calls get through again after a time in which they did not; not for the first connection. `isNewLine`: messages may have been lost. */
  onReturn(tell: (isNewLine: boolean) => void): void
  /** Also while calls are not made because Redis was slow: the line, if there is one, carries it. @throws RedisAway */
  publish(channel: string, message: string): Promise<void>
  /** One listener a channel, for the life of this object, whatever becomes of the line. Resolves when Redis has confirmed it, or when that has to wait until Redis is back. */
  subscribe(channel: string, hear: (message: string) => void): Promise<void>
  unsubscribe(channel: string): Promise<void>
  close(): Promise<void>
}
export type RedisOptions = {
  readonly log?: Log
  /** For one call. Default 250 ms. */
  readonly patience?: Ms
}

/** Redis did not answer, or not in time; whether the call had its effect is not known. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway'
}

/** Lua that Redis runs as one step; sent once, then named by its digest. */
export type Script = { readonly lua: string; readonly sha: string }
export const script = (lua: string): Script => ({ lua, sha: createHash('sha1').update(lua).digest('hex') })
export type ScriptInput = { readonly keys: readonly string[]; readonly args: readonly (string | Buffer)[] }

const make = (url: string) => createClient({ url, disableOfflineQueue: true, socket: { connectTimeout: 3_000, reconnectStrategy: pauseBefore } })
export type RedisClient = ReturnType<typeof make>

const defaultPatience = ms(250)
const probeEvery = seconds(1)
const deadAfter = seconds(3)
/** How long the start waits for the first connection before it goes on without. */
const firstPatience = seconds(2)

/** 50 ms, doubling to 2 s, half of it by chance, so that replicas do not come back in step. */
const pauseBefore = (retries: number): number => Math.min(50 * 2 ** retries, 2_000) * (0.5 + Math.random() / 2)

/** `redis://[user:password@]host:port[/db]`, `rediss:` with TLS. Resolves also when there is no Redis (yet): calls reject until there is. */
export async function openRedis(url: string, { log = silentLog, patience = defaultPatience }: RedisOptions = {}): Promise<RedisConnection> {
  const line = openLine(url, log)
  await within(line.connected, firstPatience).catch(() => log.warn({}, 'there is no Redis; going on without it until it comes'))

  const run: RedisConnection['run'] = async (ask, limit = patience) => {
    if (line.isLost) throw new RedisAway('Redis is away')
    try {
      return await within(ask(line.client), limit)
    } catch (cause) {
      if (isReply(cause)) throw cause
      line.doubt(cause)
      throw new RedisAway('Redis did not answer', { cause })
    }
  }
  const change = async (asked: () => Promise<unknown>) => {
    if (line.client.isReady) await within(asked(), patience).catch(line.doubt)
  }
  return {
    run,
    runScript: (wanted, given, limit) => run((client) => evaluate(client, wanted, given), limit),
    onReturn: (tell) => void line.returns.add(tell),
    async publish(channel, message) {
      try {
        await within(line.client.publish(channel, message), deadAfter)
      } catch (cause) {
        if (isReply(cause)) throw cause
        line.doubt(cause)
        throw new RedisAway('Redis did not take a message', { cause })
      }
    },
    async subscribe(channel, hear) {
      const known = line.channels.get(channel)
      line.channels.set(channel, known ?? hear)
      // one that is known is asked for again all the same: the answer says that it is open
      await change(() => line.client.subscribe(channel, known ?? hear))
    },
    unsubscribe(channel) {
      line.channels.delete(channel)
      return change(() => line.client.unsubscribe(channel))
    },
    close: async () => line.close(),
  }
}

/** The line itself: made, watched, thrown away, made again. */
function openLine(url: string, log: Log) {
  const { promise: connected, resolve: first } = Promise.withResolvers<void>()
  let wasThere = false
  let isNewLine = false
  let isClosed = false
  let probing: Promise<void> | undefined

  const lost = (cause: unknown) => {
    if (!line.isLost) log.warn({ err: cause }, 'Redis does not answer; going on without it')
    line.isLost = true
  }
  const back = () => {
    if (!line.isLost || isClosed) return
    line.isLost = false
    if (wasThere) {
      log.info({}, 'Redis answers again')
      for (const tell of line.returns) tell(isNewLine)
    }
    isNewLine = false
    wasThere = true
    first()
  }
  /** A client makes its line again by itself when that breaks; one on whose line nothing is answered gives way to a new one. */
  const connect = (): RedisClient => {
    const made = make(url)
    made.on('error', (cause: unknown) => {
      if (made !== line.client || isClosed) return
      if (!wasThere) log.debug({ err: cause }, 'Redis is not there yet')
      lost(cause)
    })
    made.on('ready', () => {
      isNewLine = true
      // the probe goes down the same line after them: once it is answered, the channels are open
      for (const [channel, hear] of line.channels) made.subscribe(channel, hear).catch(lost)
      if (made === line.client) void probe()
    })
    made.connect().catch(lost)
    return made
  }
  const probe = (): Promise<void> => {
    const asked = line.client
    const failed = (cause: unknown) => {
      if (isClosed) return
      lost(cause)
      if (asked !== line.client || !asked.isReady) return
      asked.destroy()
      line.client = connect()
    }
    probing ??= within(asked.ping(), deadAfter)
      .then(back, failed)
      .finally(() => {
        probing = undefined
      })
    return probing
  }
  const doubt = (cause: unknown) => {
    lost(cause)
    if (line.client.isReady) void probe()
  }
  const line = {
    client: connect(),
    connected,
    /** Calls would not get through, as far as is known. */
    isLost: true,
    returns: new Set<(isNewLine: boolean) => void>(),
    channels: new Map<string, (message: string) => void>(),
    /** A call was not answered in time. */
    doubt,
    close() {
      isClosed = true
      line.isLost = true
      clearInterval(timer)
      line.client.destroy()
    },
  }
  const timer = setInterval(() => {
    if (line.client.isReady) void probe()
  }, probeEvery).unref()
  return line
}

/** An answer, though not a welcome one: Redis is there. While it loads its data, or is a replica that may not write, it is as good as away. */
const isReply = (cause: unknown): boolean =>
  cause instanceof ErrorReply && !/^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|NOAUTH|WRONGPASS|OOM|BUSY|MISCONF) /.test(cause.message)

async function evaluate(client: RedisClient, { lua, sha }: Script, { keys, args }: ScriptInput): Promise<unknown> {
  const options = { keys: [...keys], arguments: [...args] as string[] } // Buffers are taken as they are, though the type does not say so
  try {
    return await client.evalSha(sha, options)
  } catch (cause) {
    if (!(cause instanceof Error) || !cause.message.startsWith('NOSCRIPT')) throw cause
    return client.eval(lua, options)
  }
}

/** Rejects after `limit`; an answer that has arrived while this process was busy counts. */
function within<T>(asked: Promise<T>, limit: Ms): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => reject(new Error(`no answer within ${limit} ms`))), limit)
    asked.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
