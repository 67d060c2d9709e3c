// An object store with the protocol of S3, in this process, and a client of it over aws4fetch.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchClient } from '@checkpoint-schedules/storage-object'
import { AwsClient } from 'aws4fetch'

/** The keys that s3rver accepts. */
const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', region: 'us-east-1' }
const aws = new AwsClient({ ...keys, service: 's3', retries: 0 })

/**
 * A client of a bucket. s3rver makes folders of slashes, and a PUT into a folder that a DELETE has just emptied makes it throw where nobody
 * catches: so it gets none.
 */
export function clientAt(bucket) {
  return fetchClient((key, request) => aws.fetch(`${bucket}/${key.replaceAll('/', '~')}`, request))
}

/** Starts s3rver with a bucket. */
export async function startObjectStore() {
  const { default: S3rver } = await import('s3rver')
  const directory = await mkdtemp(join(tmpdir(), 'checkpoint-schedules-s3-'))
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: 'runs', configs: [] }],
  })
  const { port } = await server.run()
  const bucket = `http://127.0.0.1:${port}/runs`
  return {
    port,
    bucket,
    async list() {
      const response = await aws.fetch(`${bucket}?list-type=2&max-keys=1000`)
      return [...(await response.text()).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) =>
        key.replaceAll('~', '/'),
      )
    },
    async close() {
      await server.close()
      await rm(directory, { recursive: true })
    },
  }
}
