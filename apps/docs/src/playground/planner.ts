/** Asks a worker for plans; a newer request replaces a pending one. */
import type { PlanAnswer, PlanRequest } from './request.js'

const MOST_SECONDS = 30

export interface Planner {
  /** The answer; `undefined` if a newer request has replaced this one. */
  plan(request: PlanRequest): Promise<PlanAnswer | undefined>
  end(): void
}

export function newPlanner(makeWorker: () => Worker): Planner {
  let worker: Worker | undefined
  let cancel: (() => void) | undefined
  const end = () => {
    worker?.terminate()
    worker = undefined
  }
  return {
    plan: (request) =>
      new Promise((resolve) => {
        // A busy worker receives no messages until it is done, so it is terminated.
        if (cancel !== undefined) {
          cancel()
          end()
        }
        worker ??= makeWorker()
        const answer = (it: PlanAnswer | undefined) => {
          clearTimeout(timer)
          cancel = undefined
          resolve(it)
        }
        const timer = setTimeout(() => {
          end()
          answer({
            error: `planning took more than ${MOST_SECONDS} s; take fewer steps or fewer checkpoints.`,
          })
        }, MOST_SECONDS * 1000)
        cancel = () => answer(undefined)
        worker.addEventListener('message', ({ data }: MessageEvent<PlanAnswer>) => answer(data), {
          once: true,
        })
        worker.addEventListener(
          'error',
          () => {
            end()
            answer({
              error: 'the planning worker could not be started. Reload the page, or use the command line.',
            })
          },
          { once: true },
        )
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
        worker.postMessage(request)
      }),
    end() {
      cancel?.()
      end()
    },
  }
}
