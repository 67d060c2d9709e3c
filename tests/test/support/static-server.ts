/** The built site, served as any static host does. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

export interface StaticServer {
  /** Such as `http://127.0.0.1:4000`. */
  readonly origin: string
  close(): Promise<void>
}

/** Serves the files of a folder on a free port of this machine. */
export async function serve(folder: string): Promise<StaticServer> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname))
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
    readFile(file)
      .then((content) => {
        response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
        // Their names are made from their content.
        if (path.startsWith('/assets/')) response.setHeader('cache-control', 'max-age=31536000, immutable')
        return response.end(content)
      })
      .catch(() => {
        response.statusCode = 404
        response.end('not found')
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // Browsers open connections in advance; without a request the server would keep them for a minute and a half.
        server.closeAllConnections()
      }),
  }
}
