/** "Run it for real": Burgers under the chosen schedule, drawing solution and gradient as they are computed. */
import { defineComponent, h, onBeforeUnmount, type PropType, ref, shallowRef, watch } from 'vue'
import type { SiteSchedule } from 'virtual:schedules'
import {
  type LiveResult,
  MOST_LIVE_STEPS,
  POINTS,
  runBurgers,
  STATE_BYTES,
  withinBudget,
} from './burgers-run.js'
import { drawChart } from './chart.js'
import { bytes } from './counts-table.js'
import { save } from './downloads.js'
import { choice, labelled, textField } from './fields.js'

const SLOW = 20 // milliseconds per step at the slow speed
const FRAME = 33 // milliseconds between two drawings

export const LiveRun = defineComponent({
  name: 'LiveRun',
  props: {
    family: { type: Object as PropType<SiteSchedule>, required: true },
    options: { type: Object as PropType<Readonly<Record<string, unknown>>>, required: true },
    steps: { type: Number, required: true },
  },
  setup(props) {
    const solution = shallowRef<HTMLCanvasElement>()
    const adjoint = shallowRef<HTMLCanvasElement>()
    const budget = ref('')
    const speed = ref('fast')
    const status = ref('')
    const problem = ref('')
    const result = shallowRef<LiveResult>()
    const running = shallowRef<AbortController>()
    const end = () => running.value?.abort(new Error('stopped'))
    onBeforeUnmount(end)
    watch([() => props.family, () => props.options, () => props.steps], end)

    const draw = (what: 'solution' | 'adjoint', values: Float64Array, n: number) => {
      const canvas = what === 'solution' ? solution.value : adjoint.value
      if (canvas === undefined) return
      const look =
        what === 'solution'
          ? { label: `solution u at step ${n}`, colour: '#0072b2', dash: [] }
          : { label: `adjoint λ at step ${n}`, colour: '#d55e00', dash: [6, 3] }
      drawChart(canvas, { values, ...look })
    }

    const start = async () => {
      problem.value = ''
      result.value = undefined
      const controller = new AbortController()
      try {
        const schedule = makeSchedule(props.family, props.options, budget.value)
        if (props.steps > MOST_LIVE_STEPS)
          throw new Error(`a live run takes at most ${MOST_LIVE_STEPS.toLocaleString('en-US')} steps.`)
        if (schedule.manifest.adjoints === 0)
          throw new Error(`${schedule.manifest.name} permits no adjoint; choose another schedule.`)
        running.value = controller
        status.value = 'Running the forward.'
        let nextDrawing = 0
        const onValue = (what: 'solution' | 'adjoint', value: Float64Array, n: number) => {
          const began = performance.now()
          if (speed.value === 'fast' && began < nextDrawing) return
          draw(what, value, n)
          // Drawing takes at most a quarter of the time, so slow devices draw less often.
          const now = performance.now()
          nextDrawing = now + Math.max(FRAME, 3 * (now - began))
          return speed.value === 'fast' ? undefined : pause(SLOW)
        }
        const { signal } = controller
        const onProgress = (it: { phase: string; forwardSteps: number; adjointSteps: number }) =>
          (status.value =
            it.phase === 'plan'
              ? 'Planning.'
              : `${it.phase === 'forward' ? 'Forward' : 'Reverse'}: ${it.forwardSteps} forward steps, ${it.adjointSteps} adjoint steps.`)
        const done = await runBurgers({ schedule, steps: props.steps, signal, onProgress, onValue })
        draw('solution', done.finalState, props.steps)
        draw('adjoint', done.gradient, 0)
        result.value = done
        status.value = 'The gradient is complete.'
      } catch (error) {
        status.value = ''
        problem.value = controller.signal.aborted
          ? 'Stopped.'
          : error instanceof Error
            ? error.message
            : String(error)
      } finally {
        running.value = undefined
      }
    }

    return () => {
      const isRunning = running.value !== undefined
      return h('section', { class: 'live', 'aria-label': 'Run it for real' }, [
        h('h3', 'Run it for real'),
        h(
          'p',
          `Burgers' equation on ${POINTS} grid points, in this page, under ${props.family.factory.definition.name} with ${props.steps.toLocaleString('en-US')} steps: ` +
            `the gradient of the final energy with respect to the initial condition. A state takes ${bytes(STATE_BYTES)}.`,
        ),
        h('div', { class: 'forms' }, [
          labelled('budget', 'memory for checkpoints, in kB', 'in place of the checkpoints chosen above', [
            textField('budget', budget.value, 'as chosen above', (text) => (budget.value = text)),
          ]),
          labelled('speed', 'speed', 'slow, to watch it run', [
            choice(
              'speed',
              speed.value,
              [
                ['fast', 'as fast as possible'],
                ['slow', `one step every ${SLOW} ms`],
              ],
              (text) => (speed.value = text),
            ),
          ]),
        ]),
        h('div', { class: 'buttons' }, [
          h(
            'button',
            { type: 'button', onClick: () => (isRunning ? end() : void start()) },
            isRunning ? 'Stop' : 'Run',
          ),
        ]),
        h('p', { role: 'status' }, status.value),
        problem.value === '' ? undefined : h('p', { class: 'problem', role: 'alert' }, problem.value),
        h('div', { class: 'charts', style: { display: status.value === '' ? 'none' : undefined } }, [
          h('canvas', { ref: solution, role: 'img', 'aria-label': 'The solution over x, as it is computed' }),
          h('canvas', {
            ref: adjoint,
            role: 'img',
            'aria-label': 'The adjoint over x; at step 0 it is the gradient',
          }),
        ]),
        result.value === undefined ? undefined : summary(result.value),
      ])
    }
  },
})

function makeSchedule({ factory }: SiteSchedule, options: Readonly<Record<string, unknown>>, budget: string) {
  if (budget.trim() === '') return factory(options)
  const size = Number(budget)
  if (!(size > 0)) throw new Error(`memory must be a number of kB above 0; got ${JSON.stringify(budget)}.`)
  return factory(withinBudget(factory.definition.options, options, 1000 * size))
}

function summary({ objective, gradient, statistics }: LiveResult) {
  const { forwardSteps, adjointSteps, storages, peakLiveBytes, timeMs } = statistics
  const held = Object.entries(storages).map(
    ([storage, it]) => `${it.peakCheckpoints} checkpoints in ${storage} (${bytes(it.peakBytes)})`,
  )
  const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))
  const facts: readonly (readonly [string, string])[] = [
    ['Objective', objective.toPrecision(8)],
    ['Norm of the gradient', norm.toPrecision(8)],
    [
      'Steps taken',
      `${forwardSteps.toLocaleString('en-US')} forward, ${adjointSteps.toLocaleString('en-US')} adjoint`,
    ],
    ['Most held', held.join(', ') || 'no checkpoints'],
    ['Most memory at once', bytes(peakLiveBytes)],
    ['Time', `${timeMs.total.toFixed(0)} ms`],
  ]
  const json = () =>
    save(
      'gradient.json',
      `${JSON.stringify({ objective, gradient: Array.from(gradient) })}\n`,
      'application/json',
    )
  return h('div', { class: 'result' }, [
    h(
      'dl',
      facts.map(([name, value]) => h('div', [h('dt', name), h('dd', value)])),
    ),
    h('div', { class: 'buttons' }, [h('button', { type: 'button', onClick: json }, 'Save the gradient')]),
  ])
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds))
