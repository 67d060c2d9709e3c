/** Bytes and seconds in, ranked schedules with small pictures out. */
import { useData } from 'vitepress'
import {
  defineComponent,
  h,
  onBeforeUnmount,
  onMounted,
  type PropType,
  ref,
  shallowRef,
  type VNode,
  watch,
} from 'vue'
import { type BudgetAnswer, type BudgetName, budgetQuery, type BudgetTexts } from './budget.js'
import { labelled, textField } from './fields.js'
import { newWorker } from './new-worker.js'
import type { WorkerRequest } from './plan-worker.js'
import { newPlanner, type Progress } from './planner.js'
import { PlanningStatus, type PlanningState } from './planning-status.js'
import { rankedList } from './ranked-list.js'

type Field = readonly [name: BudgetName, label: string, help: string, placeholder?: string]

const forms: readonly (readonly [legend: string, fields: readonly Field[]])[] = [
  [
    'Run',
    [
      ['steps', 'steps', 'time steps of the forward'],
      ['state', 'size of a state', 'such as 80 MB or 64 KiB'],
      ['tape', 'size of a tape', 'what the adjoint of one step needs', 'like a state'],
    ],
  ],
  [
    'Budget',
    [
      ['memory', 'memory', 'everything that the run holds in RAM, such as 8 GB'],
      ['disk', 'disk', 'for checkpoints, such as 1 TB, or unlimited', 'none'],
    ],
  ],
  [
    'Times in seconds',
    [
      ['step', 'time of a step', 'of the forward'],
      ['write', 'time of a write', 'of a state to disk', 'like a read'],
      ['read', 'time of a read', 'of a state from disk', 'like a write'],
    ],
  ],
]

const PAUSE = 400 // milliseconds without typing before anything is planned

export const BudgetView = defineComponent({
  name: 'BudgetView',
  props: { budget: { type: Object as PropType<BudgetTexts>, required: true } },
  setup(props) {
    const { isDark } = useData()
    const texts = shallowRef(props.budget)
    const found = shallowRef<Extract<BudgetAnswer, { ranked: unknown }>>()
    const mistake = shallowRef<Extract<BudgetAnswer, { error: string }>>()
    const state = ref<PlanningState>('done')
    const progress = shallowRef<Progress>({ text: '' })
    const planner = newPlanner<WorkerRequest, BudgetAnswer>(newWorker, (it) => (progress.value = it))
    let timer: ReturnType<typeof setTimeout> | undefined

    const replan = async () => {
      state.value = 'planning'
      const answer = await planner.plan({ budget: texts.value })
      if (answer === undefined) return // a newer request is pending, or it was stopped
      state.value = 'done'
      mistake.value = 'error' in answer ? answer : undefined
      // A ranking for another budget would mislead.
      found.value = 'error' in answer ? undefined : answer
    }
    const stop = () => {
      clearTimeout(timer)
      planner.end()
      state.value = 'stopped'
    }
    watch(texts, () => {
      clearTimeout(timer)
      timer = setTimeout(() => void replan(), PAUSE)
      history.replaceState(history.state, '', `${location.pathname}?${budgetQuery(texts.value)}`)
    })
    onMounted(() => void replan())
    onBeforeUnmount(stop)

    const field = ([name, label, help, placeholder = '']: Field): VNode => {
      const problem = mistake.value?.field === name ? mistake.value.error : undefined
      const set = (text: string) => (texts.value = { ...texts.value, [name]: text })
      const input = textField(`budget-${name}`, texts.value[name], placeholder, set, problem !== undefined)
      return labelled(`budget-${name}`, label, help, [input], problem)
    }

    return () => {
      const { error, field: wrong } = mistake.value ?? {}
      const isPlanning = state.value === 'planning'
      return h('div', { class: 'playground', 'aria-busy': isPlanning }, [
        h(
          'form',
          { class: 'forms budget', onSubmit: (event: Event) => event.preventDefault() },
          forms.map(([legend, fields]) => h('fieldset', [h('legend', legend), ...fields.map(field)])),
        ),
        h(PlanningStatus, { state: state.value, progress: progress.value, onStop: stop, onAgain: replan }),
        error === undefined || wrong !== undefined
          ? undefined
          : h('p', { class: 'problem', role: 'alert' }, error),
        found.value === undefined
          ? undefined
          : h('div', { class: { stale: state.value !== 'done' } }, rankedList(found.value, isDark.value)),
      ])
    }
  },
})
