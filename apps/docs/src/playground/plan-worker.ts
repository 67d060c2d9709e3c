/** Plans in a worker, so that the page stays responsive. */
import { schedules } from 'virtual:schedules'
import { plan, type PlanRequest } from './request.js'

addEventListener('message', ({ data }: MessageEvent<PlanRequest>) => postMessage(plan(schedules, data)))
