// One run with a journal, as a process of its own: `node journaled-run.mjs PLACE SCHEDULE [EVERY_STEPS]`. The place is a directory, or the
// URL of a prefix in an object store. Prints `begins`, then
// what the journal says, then the result's digest, as JSON lines. SIGINT, SIGTERM and SIGHUP abort it.
import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path/posix'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { wave2d } from '@checkpoint-schedules/models'
import { fileJournal } from '@checkpoint-schedules/storage-fs'
import { objectJournal } from '@checkpoint-schedules/storage-object'
import { clientAt } from '../support/object-store.mjs'
import { schedules, steps } from './schedules.mjs'

const [place, name, everySteps] = process.argv.slice(2)
const say = (value) => console.log(JSON.stringify(value))
const { model, initialState, terminalAdjoint, gradient } = wave2d({ steps, shots: 1 })
const seen = []
const controller = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => controller.abort(new Error(`aborted by ${signal}`)))

function journalIn(place) {
  const points = everySteps ? { everySteps: Number(everySteps) } : { everySeconds: 0.02 }
  if (!place.startsWith('http:'))
    return fileJournal(place, { ...points, takeOver: process.env['TAKE_OVER'] === '1' })
  const [bucket, prefix] = [dirname(place), basename(place)]
  // Cut into several objects.
  return objectJournal(clientAt(bucket), prefix, { ...points, partBytes: 100_000 })
}

say('begins')
try {
  const { finalState, adjoints } = await runAdjoint({
    schedule: schedules[name](),
    model: { ...model, observe: (_state, n) => void seen.push(n) },
    initialState,
    terminalAdjoint,
    steps,
    journal: journalIn(place),
    signal: controller.signal,
    onEvent: ({ type, message }) => say({ type, message }),
  })
  const hash = createHash('sha256')
  for (const array of [...Object.values(finalState), await gradient(adjoints[0])])
    if (ArrayBuffer.isView(array))
      hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  const isInOrder = seen.every((n, i) => n === seen[0] + i) && (seen.length === 0 || seen.at(-1) === steps)
  say({ digest: hash.digest('hex'), isInOrder })
} catch (error) {
  say({ code: error.code, message: error.message, cause: error.cause?.code })
}
