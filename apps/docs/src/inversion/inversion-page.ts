/** "Invert in the browser": an inversion within a budget that can be dragged while it runs, and that survives a reload. */
import { computed, defineComponent, h, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { bytes } from '../playground/counts-table.js'
import type { Budget, Chosen } from './gradient-within.js'
import { ENDS, facts, fieldsOf, pictures, progressBar, slider } from './inversion-view.js'
import type { Found, FromWorker, Memory, Progress, Shown, ToWorker } from './messages.js'
import { exponential, misfitCurve } from './misfit-curve.js'
import { nameOf, type InversionSettings, settingsFrom } from './problem.js'
import { holdFrom, visit } from './visit.js'

type State = 'loading' | 'idle' | 'running' | 'pausing'

const USUAL = { memory: 15, disk: 0 }

export const InversionPage = defineComponent({
  name: 'InversionPage',
  setup() {
    const settings = shallowRef<InversionSettings>()
    const found = shallowRef<Found>()
    const shown = shallowRef<Shown>()
    const chosen = shallowRef<Chosen>()
    const measured = shallowRef<{ readonly memory: Memory; readonly chosen: Chosen }>()
    const progress = shallowRef<Progress>()
    const state = ref<State>('loading')
    const status = ref('Making the records.')
    const notice = ref('')
    const problem = ref('')
    const sliders = ref(USUAL)
    let worker: Worker | undefined
    let memory = visit('')

    const budget = computed<Budget>(() => {
      const { least = 1, all = 1 } = found.value ?? {}
      const total = all - least
      return {
        memory: Math.round(least * (all / least) ** (sliders.value.memory / ENDS)),
        disk: found.value?.medium === undefined ? 0 : Math.round((total * sliders.value.disk) / ENDS),
      }
    })
    const fields = computed(() => found.value && fieldsOf(found.value, shown.value))
    const tell = (message: ToWorker) => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
      worker?.postMessage(message)
    }
    const start = () => {
      problem.value = ''
      state.value = 'running'
      memory.setRunning(true)
      void navigator.storage?.persist?.() // workers cannot ask
      tell({ type: 'run', settings: settings.value!, budget: budget.value, hold: holdFrom(location.search) })
    }
    const pause = () => {
      state.value = 'pausing'
      status.value = 'Pausing at a durable point.'
      memory.setRunning(false)
      tell({ type: 'pause' })
    }
    const startOver = () => {
      problem.value = ''
      notice.value = ''
      shown.value = chosen.value = measured.value = progress.value = undefined
      state.value = 'loading'
      status.value = 'Removing what was kept.'
      tell({ type: 'clear', settings: settings.value! })
    }
    const rest = (text: string) => {
      state.value = 'idle'
      status.value = text
      progress.value = undefined
      memory.setRunning(false)
    }
    const drag = (which: 'memory' | 'disk', position: number) => {
      sliders.value = { ...sliders.value, [which]: position }
      memory.keepSliders(sliders.value)
      if (state.value === 'running') tell({ type: 'budget', budget: budget.value })
    }

    const onMessage = ({ data }: MessageEvent<FromWorker>) => {
      switch (data.type) {
        case 'found':
          found.value = data
          if (data.medium === undefined)
            notice.value = `This browser keeps nothing for this page, so a reload starts over, and there is no disk. ${data.why}`
          state.value = 'idle'
          status.value = greeting(data)
          if (memory.wasRunning && !data.isEnded) start()
          memory.wasRunning = false
          break
        case 'iteration':
          shown.value = data.shown
          if (state.value === 'running') status.value = iterationText(data.shown)
          break
        case 'waiting':
          status.value = 'Another tab has this inversion. Waiting for it to end.'
          break
        case 'elsewhere':
          rest('')
          problem.value =
            'Another tab runs this inversion. Nothing is lost: pause or close it there, then press Continue here.'
          break
        case 'chosen':
          chosen.value = data.chosen
          status.value =
            data.resumedAt === undefined
              ? `Computing gradient ${data.gradient}.`
              : `Resumed at iteration ${shown.value?.iteration ?? 0}: gradient ${data.gradient} continues ${placeIn(data.resumedAt)}.`
          break
        case 'progress':
          progress.value = data
          break
        case 'measured':
          measured.value = data
          break
        case 'holding':
          status.value = `Holding, with ${progress.value?.reversed ?? 0} steps or more reversed, as the address asks. Reload the page without “hold”.`
          break
        case 'notice':
          notice.value = data.text
          break
        case 'paused':
          rest('Paused. What is done is kept: you may reload or close this page.')
          break
        case 'ended':
          rest(
            `The end, after ${settings.value!.iterations} iterations at most: misfit ${exponential(shown.value?.misfits.at(-1))}.`,
          )
          found.value = { ...found.value!, isEnded: true }
          break
        default:
          rest('')
          problem.value = data.message
      }
    }
    onMounted(() => {
      try {
        settings.value = settingsFrom(location.search)
        memory = visit(nameOf(settings.value))
        sliders.value = memory.sliders ?? USUAL
        worker = new Worker(new URL('./inversion-worker.ts', import.meta.url), { type: 'module' })
        worker.addEventListener('message', onMessage)
        worker.addEventListener('error', () => {
          rest('')
          problem.value = 'The worker could not be started or has failed. Reload the page.'
        })
        tell({ type: 'look', settings: settings.value })
      } catch (error) {
        rest('')
        problem.value = error instanceof Error ? error.message : String(error)
      }
    })
    onBeforeUnmount(() => worker?.terminate())

    return () => {
      const isBusy = state.value === 'running' || state.value === 'pausing'
      const here = found.value
      const canStart = here !== undefined && !here.isEnded && state.value !== 'loading'
      const begun = (shown.value?.misfits.length ?? 0) > 0 || (here?.evaluations ?? 0) > 0
      return h('section', { class: 'playground inversion', 'aria-label': 'Invert here' }, [
        h('div', { class: 'forms' }, [
          slider(
            'memory',
            'memory for a gradient',
            sliders.value.memory,
            bytes(budget.value.memory),
            here !== undefined,
            drag,
          ),
          slider(
            'disk',
            'private disk of this browser',
            sliders.value.disk,
            here !== undefined && here.medium === undefined
              ? 'none here'
              : budget.value.disk === 0
                ? 'none'
                : bytes(budget.value.disk),
            here?.medium !== undefined,
            drag,
          ),
        ]),
        h('div', { class: 'buttons' }, [
          h(
            'button',
            {
              type: 'button',
              disabled: state.value === 'pausing' || (state.value !== 'running' && !canStart),
              onClick: () => (isBusy ? pause() : start()),
            },
            isBusy ? 'Pause' : begun ? 'Continue' : 'Start',
          ),
          h(
            'button',
            { type: 'button', disabled: isBusy || here === undefined, onClick: startOver },
            'Start over',
          ),
        ]),
        h('p', { role: 'status' }, status.value),
        progressBar(progress.value, settings.value?.steps ?? 0),
        notice.value === '' ? undefined : h('p', { class: 'notice' }, notice.value),
        problem.value === '' ? undefined : h('p', { class: 'problem', role: 'alert' }, problem.value),
        fields.value && pictures(fields.value),
        shown.value === undefined ? undefined : misfitCurve(shown.value.misfits, settings.value!.iterations),
        here === undefined ? undefined : facts(here, chosen.value, measured.value, shown.value),
      ])
    }
  },
})

const placeIn = (reversed: number) => (reversed > 0 ? `after ${reversed} reversed steps` : 'in its forward')

function greeting({ evaluations, reversed, isEnded }: Found): string {
  if (isEnded) return 'An earlier visit has finished this inversion.'
  if (evaluations === 0 && reversed === undefined) return 'Ready.'
  const under =
    reversed === undefined ? '' : `, and gradient ${evaluations + 1} can continue ${placeIn(reversed)}`
  return `Kept from an earlier visit: ${evaluations} ${evaluations === 1 ? 'gradient' : 'gradients'}${under}.`
}

const iterationText = ({ iteration, misfits }: Shown) =>
  `Iteration ${iteration}: misfit ${exponential(misfits.at(-1))}.`
