/** Asks a worker for plans; a newer request replaces a pending one. */

/** How far a worker is. */
export interface Progress {
  /** What it does, such as `Simulating Revolve`. */
  readonly text: string
  /** The part that is done, 0 to 1; `undefined` if that is not known. */
  readonly part?: number | undefined
}

type Failure = { readonly error: string }
type Report<Answer> = { readonly progress: Progress } | { readonly answer: Answer }

export interface Planner<Request, Answer> {
  /** The answer; `undefined` if a newer request has replaced this one, or `end` was called. */
  plan(request: Request): Promise<Answer | Failure | undefined>
  end(): void
}

export function newPlanner<Request, Answer>(
  makeWorker: () => Worker,
  onProgress: (progress: Progress) => void,
): Planner<Request, Answer> {
  let worker: Worker | undefined
  let cancel: (() => void) | undefined
  // A busy worker receives no messages until it is done, so it is terminated.
  const end = () => {
    cancel?.()
    worker?.terminate()
    worker = undefined
  }
  return {
    plan: (request) =>
      new Promise((resolve) => {
        if (cancel !== undefined) end()
        worker ??= makeWorker()
        const listening = new AbortController()
        const { signal } = listening
        const answer = (it: Answer | Failure | undefined) => {
          listening.abort()
          cancel = undefined
          resolve(it)
        }
        cancel = () => answer(undefined)
        const onReport = ({ data }: MessageEvent<Report<Answer>>) => {
          if ('progress' in data) onProgress(data.progress)
          else answer(data.answer)
        }
        const onError = () => {
          worker = undefined
          answer({
            error: 'the planning worker could not be started. Reload the page, or use the command line.',
          })
        }
        worker.addEventListener('message', onReport, { signal })
        worker.addEventListener('error', onError, { signal })
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
        worker.postMessage(request)
      }),
    end,
  }
}
