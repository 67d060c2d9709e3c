// One run with a journal, in a page or in a worker that it starts: `?schedule=multistage&journal=opfs&name=run-1&in=worker&kill=200`. What
// happens is posted to the server as JSON lines; at so many model calls it asks for its end, and computes on until that comes.
import { memoryStore, runAdjoint } from '@checkpoint-schedules/driver'
import { wave2d } from '@checkpoint-schedules/models'
import { indexedDbJournal, opfsJournal } from '@checkpoint-schedules/storage-browser'
import { schedules, steps } from './schedules.mjs'

const journals = { opfs: opfsJournal, indexedDb: indexedDbJournal, none: () => undefined }
const isPage = typeof document !== 'undefined'
const asked = new URLSearchParams(location.search)

if (isPage && asked.get('in') === 'worker')
  globalThis.worker = new Worker(`/page.js${location.search}`, { type: 'module' })
else await run()

async function run() {
  const { model, initialState, terminalAdjoint, gradient } = wave2d({ steps, shots: 1 })
  const killAt = Number(asked.get('kill') ?? Infinity)
  const seen = []
  let calls = 0
  const counted = (method) =>
    function (...args) {
      calls += 1
      if (calls === killAt) void say('kill', {})
      return model[method](...args)
    }
  await say('begins', {})
  try {
    const { finalState, adjoints } = await runAdjoint({
      schedule: schedules[asked.get('schedule')](),
      model: {
        ...model,
        step: counted('step'),
        tape: counted('tape'),
        adjoint: counted('adjoint'),
        advance: undefined, // so that every step is counted
        observe: (_state, n) => void seen.push(n),
      },
      initialState,
      terminalAdjoint,
      steps,
      stores: asked.get('journal') === 'none' ? { DISK: memoryStore() } : {},
      journal: journals[asked.get('journal')](asked.get('name'), { everySteps: Number(asked.get('every')) }),
      onEvent: ({ type, message }) => void say('event', { type, message }),
    })
    const arrays = [...Object.values(finalState), await gradient(adjoints[0])].filter(ArrayBuffer.isView)
    const digests = []
    for (const array of arrays) digests.push(...new Uint8Array(await crypto.subtle.digest('SHA-256', array)))
    const digest = digests.map((byte) => byte.toString(16).padStart(2, '0')).join('')
    const isInOrder = seen.every((n, i) => n === seen[0] + i) && (seen.length === 0 || seen.at(-1) === steps)
    await say('result', { digest, isInOrder, left: await left() })
  } catch (error) {
    await say('result', { code: error.code, message: error.message, cause: error.cause?.message })
  }
}

/** The runs that have left anything. */
async function left() {
  const names = []
  const root = await navigator.storage.getDirectory()
  for await (const home of root.values()) for await (const name of home.keys()) names.push(name)
  const [database] = await indexedDB.databases()
  if (database === undefined) return names
  const opened = await new Promise((resolve, reject) => {
    const request = indexedDB.open(database.name)
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
  const request = opened.transaction('files').objectStore('files').getAllKeys()
  await new Promise((resolve) => request.addEventListener('success', resolve))
  opened.close()
  return [...names, ...request.result.map((key) => key.join('/'))]
}

async function say(what, facts) {
  await fetch('/say', { method: 'POST', body: JSON.stringify({ what, ...facts }) })
}
