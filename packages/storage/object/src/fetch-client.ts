/** `fetchClient`: a client from a function like `fetch`. */
import type { ObjectClient } from '@checkpoint-schedules/model'

/** What an object store answers: a `Response`. */
export interface ObjectResponse {
  readonly status: number
  arrayBuffer(): Promise<ArrayBuffer>
  text(): Promise<string>
}

/** What is asked of `fetch`. */
export interface ObjectRequest {
  readonly method: 'PUT' | 'GET' | 'DELETE'
  readonly body?: Uint8Array<ArrayBuffer>
  readonly signal?: AbortSignal
}

/**
 * A client of a store with the protocol of S3: `send` signs a request and sends it. A library such as aws4fetch does both, on servers
 * and in browsers.
 *
 * The errors have the status of the response, and the code in its body.
 *
 * @param send - Sends a request for an object; like `fetch`, but given the key instead of a URL. It should not try again by itself.
 * @example
 * ```ts
 * import { fetchClient } from '@checkpoint-schedules/storage-object'
 *
 * const client = fetchClient((key, request) => fetch(`http://127.0.0.1:9000/bucket/${key}`, request))
 * ```
 */
export function fetchClient(
  send: (key: string, request: ObjectRequest) => Promise<ObjectResponse>,
): ObjectClient {
  return {
    async put(key, bytes, signal) {
      const body = bytes as Uint8Array<ArrayBuffer>
      const response = await send(key, { method: 'PUT', body, ...(signal && { signal }) })
      if (!isFine(response)) throw await failure(response)
      await response.arrayBuffer()
    },
    async get(key, signal) {
      const response = await send(key, { method: 'GET', ...(signal && { signal }) })
      if (isFine(response)) return new Uint8Array(await response.arrayBuffer())
      const error = await failure(response)
      // A missing bucket has this status, too.
      if (error.status === 404 && (error.code === undefined || error.code === 'NoSuchKey')) return undefined
      throw error
    },
    async delete(key, signal) {
      const response = await send(key, { method: 'DELETE', ...(signal && { signal }) })
      if (isFine(response)) return void (await response.arrayBuffer())
      const error = await failure(response)
      if (error.status !== 404 || error.code === 'NoSuchBucket') throw error
    },
  }
}

function isFine({ status }: ObjectResponse): boolean {
  return status >= 200 && status < 300
}

/** The error of a response, with its body's code and message. */
async function failure(response: ObjectResponse) {
  const { status } = response
  const text = (await response.text().catch(() => '')).slice(0, 4096)
  const code = /<Code>([\w.]{1,64})<\/Code>/.exec(text)?.[1]
  const message = /<Message>([^<]{1,300})<\/Message>/.exec(text)?.[1]
  return Object.assign(new Error(`${[status, code].join(' ').trim()}${message ? `: ${message}` : ''}`), {
    status,
    code,
  })
}
