/** Plans in a worker, so that the page stays responsive. */
import { schedules } from 'virtual:schedules'
import { type BudgetTexts, rank } from './budget.js'
import type { Progress } from './planner.js'
import { plan, type PlanRequest } from './request.js'

/** One schedule, or the best ones for a budget. */
export type WorkerRequest = { readonly one: PlanRequest } | { readonly budget: BudgetTexts }

addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => void answer(data))

async function answer(request: WorkerRequest): Promise<void> {
  const onProgress = (progress: Progress) => postMessage({ progress })
  postMessage({
    answer:
      'one' in request
        ? plan(schedules, request.one, onProgress)
        : await rank(schedules, request.budget, onProgress),
  })
}
