/** What went wrong with a request to an object store, whichever client reports it, and what to do about it. */
import { messageOf } from '@checkpoint-schedules/core'

/** A request that has failed for good. */
export class ObjectError extends Error {
  /** Such as `NoSuchBucket`, or the status of HTTP as a text. */
  readonly code: string | undefined

  constructor(message: string, code: string | undefined, cause: unknown) {
    super(message, { cause })
    this.name = 'ObjectError'
    this.code = code
  }
}

/** What an error of a client says. */
export interface Fault {
  readonly status: number | undefined
  readonly code: string | undefined
  readonly message: string
}

// The names of the errors of S3 that need a status to say whether another attempt may help, but have a misleading one.
const PASSING = new Set(['RequestTimeout', 'OperationAborted', 'SlowDown', 'RequestTimeTooSlow'])

/** Reads an error of a client: of `fetchClient`, of an SDK of AWS, or of another that has `status` or `statusCode`. */
export function faultOf(error: unknown): Fault {
  const message = messageOf(error)
  if (typeof error !== 'object' || error === null) return { status: undefined, code: undefined, message }
  const { status, statusCode, $metadata, code, Code, name } = error as Record<string, unknown>
  const found = [status, statusCode, ($metadata as Record<string, unknown> | undefined)?.['httpStatusCode']]
  const isText = (it: unknown): it is string => typeof it === 'string' && it !== '' && it !== 'Error'
  return {
    status: found.find((it) => typeof it === 'number'),
    code: [code, Code, causeOf(error)['code'], name].find(isText),
    message,
  }
}

/** What `fetch` says only there, such as ECONNREFUSED. */
function causeOf(error: object): Record<string, unknown> {
  const { cause } = error as { cause?: unknown }
  return typeof cause === 'object' && cause !== null ? (cause as Record<string, unknown>) : {}
}

/** Whether the same request may succeed later. */
export function mayPass({ status, code }: Fault): boolean {
  if (code !== undefined && PASSING.has(code)) return true
  if (code === INVALID_URL) return false
  if (status === undefined) return true // it was not answered
  return status >= 500 || status === 408 || status === 429 || status < 300
}

const INVALID_URL = 'ERR_INVALID_URL'
const wrongPlace = 'Correct the endpoint, the region and the name of the bucket.'
const credentials = 'Correct the access key, the secret key and the region.'
const overloaded =
  'The store is away or overloaded: run again later; with objectJournal the run continues where it was. `retrySeconds` says how long to wait for it.'
const advices: Readonly<Record<string, string>> = {
  NoSuchBucket: 'Create the bucket, or correct its name and the endpoint.',
  AccessDenied:
    'These credentials may not do that: allow s3:PutObject, s3:GetObject and s3:DeleteObject for the prefix, and s3:ListBucket, without which a missing object looks forbidden.',
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: credentials,
  ExpiredToken: 'The credentials have expired: give the client a way to renew them, then run again.',
  RequestTimeTooSkewed: 'The clock of this machine is off by more than 15 minutes: set it, then run again.',
  PermanentRedirect: wrongPlace,
  AuthorizationHeaderMalformed: wrongPlace,
  [INVALID_URL]:
    'The client makes no address of the key: correct its endpoint, which begins with https:// or http://.',
  EntityTooLarge: 'The store takes no object of this size: choose a smaller `partBytes`.',
  XMinioStorageFull: 'The store is full: free some space, or keep fewer checkpoints there.',
  QuotaExceeded: 'The quota of the bucket is used up: free some space, or keep fewer checkpoints there.',
  301: wrongPlace,
  307: wrongPlace,
  401: credentials,
  403: 'These credentials may not do that: allow reading, writing and deleting objects under the prefix, and check the clock of this machine.',
  404: wrongPlace,
  413: 'The store takes no object of this size: choose a smaller `partBytes`.',
  507: 'The store is full: free some space, or keep fewer checkpoints there.',
}

/** What to do about an error with this code. */
export function adviceFor(code = ''): string {
  if (Object.hasOwn(advices, code)) return advices[code]!
  return /^[34]\d\d$/.test(code) && !['408', '429'].includes(code)
    ? 'Correct what the message names, then run again.'
    : overloaded
}

/** The code that has advice: the name of the error, or else its status. */
export function codeOf({ status, code }: Fault): string | undefined {
  if (code !== undefined && (Object.hasOwn(advices, code) || PASSING.has(code))) return code
  return status === undefined ? code : String(status)
}
