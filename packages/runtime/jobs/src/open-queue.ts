/** Opening a queue. */
import { collect, remove } from './collect.js'
import { openDesk, runsOf, said } from './desk.js'
import { checkQueueName } from './names.js'
import { connect } from './redis.js'
import { status, wait } from './status.js'
import { submit } from './submit.js'
import type { JobQueue, QueueOptions } from './types.js'
import { work } from './work.js'

/**
 * Opens a queue of parts in Redis. Nothing is written until something is submitted.
 *
 * @throws `INVALID_OPTION`: an option is not as it should be, Redis refuses the password, or it would evict keys.
 * @throws `STORE_FAILED`: Redis does not answer.
 * @example
 * ```ts
 * import { openQueue } from '@checkpoint-schedules/jobs'
 *
 * const squares = async () => {
 *   const queue = await openQueue({ redis: 'redis://127.0.0.1:6379', name: 'squares' })
 *   const { id } = await queue.submit({ parts: 10, fingerprint: 'squares 1' })
 *   await queue.work({ fingerprint: 'squares 1', compute: async (part) => part * part, untilEmpty: true })
 *   let sum = 0
 *   for await (const it of queue.collect<number>(id)) if (it.state === 'done') sum += it.result
 *   await queue.close()
 *   return sum // 285
 * }
 * ```
 */
export async function openQueue(options: QueueOptions): Promise<JobQueue> {
  checkQueueName(options.name)
  const desk = openDesk(options, await connect(options.redis, 'some'))
  return {
    submit: (run) => submit(desk, run),
    runs: () => said(desk, () => runsOf(desk)),
    status: (id) => status(desk, id),
    wait: (id, waiting) => wait(desk, id, waiting),
    collect: (id, only) => collect(desk, id, only),
    work: (working) => work(options, working),
    remove: (id) => remove(desk, id),
    close: () => desk.close(),
  }
}
