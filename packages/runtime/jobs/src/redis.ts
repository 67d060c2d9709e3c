/** The connection to Redis: its address without its secrets, what must be right before work starts, and its failures in words. */
import {
  CheckpointScheduleError,
  isCheckpointScheduleError,
  messageOf,
  optionError,
} from '@checkpoint-schedules/core'
import { Redis } from 'ioredis'

/** Redis, and how to call it in messages. */
export interface Connection {
  readonly redis: Redis
  /** `Redis at 127.0.0.1:6379`. */
  readonly who: string
}

/** What happens to a command while Redis is away: it fails after some tries, or waits. */
export type Patience = 'some' | 'endless'

/**
 * Connects, and checks that Redis never forgets anything by itself.
 *
 * @throws `INVALID_OPTION`: the address is none, or Redis would evict keys.
 * @throws `STORE_FAILED`: it does not answer.
 */
export async function connect(address: string, patience: Patience): Promise<Connection> {
  const who = `Redis at ${placeOf(address)}`
  const redis = new Redis(address, {
    lazyConnect: true,
    maxRetriesPerRequest: patience === 'endless' ? null : 3,
    retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 10), 2000),
  })
  let last: unknown // why the connection was closed, which the commands do not say
  redis.on('error', (error) => (last = error))
  redis.setMaxListeners(0) // as many commands may wait as there are parts
  try {
    await redis.connect()
    const facts = await redis.info('memory')
    const policy = /^maxmemory_policy:(\S+)/m.exec(facts)?.[1]
    if (policy !== undefined && policy !== 'noeviction')
      throw optionError(
        'jobs',
        `${who} has maxmemory-policy ${policy}, so it drops data when memory is short, and parts would be lost; set it to noeviction.`,
      )
    return { redis, who }
  } catch (error) {
    redis.disconnect()
    throw inWords(who, isCheckpointScheduleError(error) ? error : (last ?? error))
  }
}

/** Host and port of an address. Nothing else of it is ever shown, as it may contain a password. */
function placeOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '' || !isDecodable(url))
    throw optionError(
      'jobs',
      'the address of Redis must be redis://HOST:PORT, or rediss: for TLS, with %25 for a % in the password; it is not shown here, as it may contain a password.',
    )
  return `${url.hostname}:${url.port === '' ? 6379 : url.port}`
}

/** Whether what follows each % is a byte of UTF-8, as a password with a % of its own is not. */
function isDecodable({ username, password, pathname }: URL): boolean {
  try {
    decodeURIComponent(username + password + pathname)
    return true
  } catch {
    return false
  }
}

/** Whether Redis refused a command because its memory is full. */
export function isFull(error: unknown): boolean {
  return /^(OOM|ReplyError: OOM)|\bOOM command not allowed/.test(messageOf(error))
}

/** A failure of Redis as one sentence; an error of this project unchanged. */
export function inWords(who: string, error: unknown): unknown {
  if (isCheckpointScheduleError(error)) return error
  const message = messageOf(error)
  if (isFull(error))
    return failure(
      `${who} is full; give it more memory (CONFIG SET maxmemory), or remove runs that were collected.`,
      error,
    )
  if (/^(NOAUTH|WRONGPASS|ERR AUTH|NOPERM)/.test(message))
    return new CheckpointScheduleError(
      'INVALID_OPTION',
      `${who} refuses the user or the password (${message.split(' ')[0]}); put them into its address, redis://USER:PASSWORD@HOST:PORT.`,
      { cause: causeOf(error) },
    )
  if (/RESP|Protocol error/.test(message))
    return failure(`${who} does not speak like Redis; check its address.`, error)
  const { name, code } = error as { name?: string; code?: string }
  const isAway =
    code !== undefined || name === 'MaxRetriesPerRequestError' || /closed|writeable/i.test(message)
  if (isAway)
    return failure(
      `${who} does not answer${code === undefined ? '' : ` (${code})`}; start it, or check its address. What is done stays done: try again.`,
      error,
    )
  return failure(`${who}: ${message.split('\n')[0]}`, error)
}

function failure(message: string, cause: unknown): CheckpointScheduleError {
  return new CheckpointScheduleError('STORE_FAILED', message, { cause: causeOf(cause) })
}

/** The error without the command that Redis refused: its arguments may be the password, which a log of the error would show. */
function causeOf(error: unknown): Error {
  const { name, code } = error as { name?: string; code?: string }
  return Object.assign(new Error(messageOf(error)), name && { name }, code && { code })
}
