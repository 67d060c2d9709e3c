// A Redis server for tests: started from PATH on a free port, with a directory of its own.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether `redis-server` is installed. Its tests are left out loudly if not; with REQUIRE_REDIS they fail. */
export function hasRedis() {
  const isThere = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0
  if (!isThere && process.env['REQUIRE_REDIS'])
    throw new Error('redis-server is not in PATH: apt-get install redis-server')
  if (!isThere)
    console.warn(
      'redis-server is not in PATH: the tests of the queue are left out. apt-get install redis-server',
    )
  return isThere
}

/** Starts one. `settings` are as in redis.conf; without `appendonly` a restart forgets everything. */
export async function startRedis(settings = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-redis-'))
  const port = await freePort()
  let child
  const start = async () => {
    const all = { port, bind: '127.0.0.1', dir: directory, save: '', ...settings }
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)])
    child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve, reject) => {
      let said = ''
      child.stdout.on('data', (text) => {
        said += text
        if (said.includes('Ready to accept connections')) resolve()
      })
      child.on('error', reject)
      child.on('exit', () => reject(new Error(`redis-server ended: ${said}`)))
    })
  }
  const end = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.on('exit', resolve))
    child.kill(signal)
    await ended
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGKILL')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
