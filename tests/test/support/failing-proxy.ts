/** A proxy in front of a server, which fails as networks do. */
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the proxy does with a request; it counts from 1. */
export type Fault = '503' | 'reset' | 'unanswered' | 'cut' | undefined

export interface Proxy {
  readonly port: number
  readonly counts: Readonly<Record<string, number>>
  close(): Promise<void>
}

/** @param faultOf - The fate of each request. */
export async function startProxy(
  to: number,
  faultOf: (count: number, method: string) => Fault,
): Promise<Proxy> {
  const counts: Record<string, number> = {}
  let requests = 0
  const server: Server = createServer((incoming, response) => {
    const { method = '', url: path = '', headers } = incoming
    const fault = faultOf(++requests, method)
    const what = fault ?? 'passed'
    counts[what] = (counts[what] ?? 0) + 1
    if (fault === '503') {
      incoming.resume()
      response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')
      return
    }
    if (fault === 'reset') {
      incoming.socket.destroy()
      return
    }
    const outgoing = request({ host: '127.0.0.1', port: to, method, path, headers }, (answer) => {
      if (fault === 'unanswered') {
        answer.resume().on('end', () => incoming.socket.destroy())
        return
      }
      response.writeHead(answer.statusCode!, answer.headers)
      if (fault !== 'cut') {
        answer.pipe(response)
        return
      }
      answer.once('data', (bytes: Buffer) => {
        response.write(bytes.subarray(0, bytes.length >> 1), () => incoming.socket.destroy())
      })
      answer.on('end', () => incoming.socket.destroy())
    })
    outgoing.on('error', () => response.destroy())
    incoming.on('error', () => outgoing.destroy())
    incoming.pipe(outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    counts,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
