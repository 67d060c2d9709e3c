/** "Train it here": a neural differential equation learns in a worker, beside the memory that TensorFlow.js alone would take. */
import { defineComponent, h, onBeforeUnmount, ref, shallowRef } from 'vue'
import { bytes } from '../playground/counts-table.js'
import { labelled, textField } from '../playground/fields.js'
import { motionPicture } from './motion-picture.js'
import type { Curve, Taken, TrainingReport } from './training-run.js'
import type { WorkerMessage } from './training-worker.js'

const SECONDS = 0.1 // between two measurements
const MOST_STEPS = 3000

type Iteration = Extract<TrainingReport, { type: 'iteration' }>

export const TrainingPage = defineComponent({
  name: 'TrainingPage',
  setup() {
    const steps = ref(String(MOST_STEPS))
    const budget = ref('64')
    const status = ref('')
    const problem = ref('')
    const measured = shallowRef<Curve>()
    const taken = shallowRef<Partial<Record<'library' | 'schedule', Taken>>>({})
    const iteration = shallowRef<Iteration>()
    const worker = shallowRef<Worker>()
    const end = () => {
      worker.value?.terminate()
      worker.value = undefined
    }
    onBeforeUnmount(end)

    const onMessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if (data.type === 'measured') {
        measured.value = data.angles
        status.value = 'Computing a gradient within the budget.'
      } else if (data.type === 'gradient') {
        taken.value = { ...taken.value, [data.by]: data.taken }
        if (taken.value.library === undefined)
          status.value = 'Computing the same gradient by TensorFlow.js alone.'
        else if (data.by === 'library') status.value = 'Training.'
      } else if (data.type === 'iteration') {
        iteration.value = data
        status.value = `Iteration ${data.iteration}: loss ${data.loss.toExponential(2)} after ${data.evaluations} gradients.`
      } else {
        end()
        problem.value = data.error ?? ''
        status.value = data.error === undefined ? `${status.value} The goal is reached.` : ''
      }
    }

    const start = () => {
      problem.value = ''
      taken.value = {}
      iteration.value = undefined
      const [count, size] = [Number(steps.value), 1000 * Number(budget.value)]
      if (!(Number.isInteger(count) && count >= 5 && count <= MOST_STEPS)) {
        problem.value = `steps must be an integer from 5 to ${MOST_STEPS}; got ${JSON.stringify(steps.value)}.`
        return
      }
      status.value = 'Loading TensorFlow.js.'
      const made = new Worker(new URL('./training-worker.ts', import.meta.url), { type: 'module' })
      made.addEventListener('message', onMessage)
      made.addEventListener('error', () => {
        end()
        status.value = ''
        problem.value = 'The worker could not be started. Reload the page, or run the example in Node.'
      })
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
      made.postMessage({ steps: count, budget: size })
      worker.value = made
    }
    const stop = () => {
      end()
      status.value = ''
      problem.value = 'Stopped.'
    }

    return () =>
      h('section', { class: 'playground live training', 'aria-label': 'Train it here' }, [
        h('div', { class: 'forms' }, [
          labelled('training-steps', 'steps', `up to ${MOST_STEPS.toLocaleString('en-US')}`, [
            textField('training-steps', steps.value, '', (text) => (steps.value = text)),
          ]),
          labelled('training-budget', 'memory, in kB', 'for checkpoints, adjoints and gradients', [
            textField('training-budget', budget.value, '', (text) => (budget.value = text)),
          ]),
        ]),
        h('div', { class: 'buttons' }, [
          h(
            'button',
            { type: 'button', onClick: () => (worker.value === undefined ? start() : stop()) },
            worker.value === undefined ? 'Train' : 'Stop',
          ),
        ]),
        h('p', { role: 'status' }, status.value),
        problem.value === '' ? undefined : h('p', { class: 'problem', role: 'alert' }, problem.value),
        gradientTable(taken.value),
        measured.value === undefined
          ? undefined
          : motionPicture(measured.value, iteration.value?.angles, SECONDS),
      ])
  },
})

function gradientTable({ library, schedule }: Partial<Record<'library' | 'schedule', Taken>>) {
  const row = (label: string, text: (it: Taken) => string) =>
    h('tr', [
      h('th', { scope: 'row' }, label),
      ...[schedule, library].map((it) => h('td', it === undefined ? '–' : text(it))),
    ])
  return h('table', { class: 'counts' }, [
    h(
      'thead',
      h(
        'tr',
        ['One gradient', 'within the budget', 'TensorFlow.js alone'].map((it) =>
          h('th', { scope: 'col' }, it),
        ),
      ),
    ),
    h('tbody', [
      row('Most bytes in tensors', (it) => bytes(it.bytes)),
      row('Time', (it) => `${(it.time / 1000).toFixed(1)} s`),
    ]),
  ])
}
