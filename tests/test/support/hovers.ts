/** Asks the compiler's language server, as an editor does. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What is shown over the beginning of the last line of each code, which is taken for a test file of this folder. */
export async function hovers(root: string, codes: readonly string[]): Promise<string[]> {
  const server = spawn(join(root, 'node_modules/.bin/tsc'), ['--lsp', '--stdio'], { cwd: root })
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  const fail = (error: Error) => waiting.forEach(({ reject }) => reject(error))
  server.on('error', fail)
  server.on('exit', (code) => fail(new Error(`the language server ended with ${code}`)))

  const send = (message: object) => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message })
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }
  let requests = 0
  const ask = (method: string, params: object) =>
    new Promise<unknown>((resolve, reject) => {
      requests += 1
      waiting.set(requests, { resolve, reject })
      send({ id: requests, method, params })
    })
  server.stdout.on(
    'data',
    messages(({ id, method, params, result, error }) => {
      if (id === undefined) return
      // The server asks for the editor's settings: there are none.
      if (method !== undefined) send({ id, result: params?.items?.map(() => null) ?? null })
      else if (error === undefined) waiting.get(id)?.resolve(result)
      else waiting.get(id)?.reject(new Error(error.message))
    }),
  )

  try {
    await ask('initialize', { processId: process.pid, rootUri: pathToFileURL(root).href, capabilities: {} })
    send({ method: 'initialized', params: {} })
    const shown: string[] = []
    for (const [i, text] of codes.entries()) {
      const uri = pathToFileURL(join(root, `tests/test/hover-${i}.ts`)).href
      const document = { uri, languageId: 'typescript', version: 1, text }
      send({ method: 'textDocument/didOpen', params: { textDocument: document } })
      const position = { line: text.split('\n').length - 1, character: 1 }
      const found = await ask('textDocument/hover', { textDocument: { uri }, position })
      shown.push((found as { contents: { value: string } }).contents.value)
    }
    return shown
  } finally {
    server.kill()
  }
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly items?: readonly unknown[] }
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** Cuts a stream into messages, each after a header that says its length. */
function messages(take: (message: Message) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const start = rest.indexOf('\r\n\r\n') + 4
      const length = Number(/Content-Length: (\d+)/i.exec(rest.subarray(0, start).toString())?.[1])
      if (start < 4 || rest.length < start + length) return
      const text = rest.subarray(start, start + length).toString()
      rest = rest.subarray(start + length)
      take(JSON.parse(text) as Message)
    }
  }
}
