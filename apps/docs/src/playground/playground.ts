/** The playground: choose a schedule, see what it does, compare it with another, export it. */
import { type Across, extentOf, type Recording } from '@checkpoint-schedules/space-time'
import { withBase } from 'vitepress'
import { schedules, type SiteSchedule } from 'virtual:schedules'
import {
  computed,
  defineComponent,
  h,
  onBeforeUnmount,
  onMounted,
  ref,
  shallowRef,
  type VNode,
  watch,
} from 'vue'
import {
  type CostName,
  costNames,
  exampleSide,
  exampleSteps,
  queryOf,
  type Shown,
  shownFrom,
  type Side,
  usualCosts,
} from './address.js'
import { codeFor, commandLineFor } from './commands.js'
import { CopyLink } from './copy-link.js'
import { countsTable } from './counts-table.js'
import { jsonOf, pngOf, save, svgOf } from './downloads.js'
import { choice, labelled, numberWithSlider, optionFields, textField } from './fields.js'
import { FormPanel } from './form-panel.js'
import { LiveRun } from './live-run.js'
import type { WorkerRequest } from './plan-worker.js'
import { newWorker } from './new-worker.js'
import { newPlanner, type Progress } from './planner.js'
import { PlanningStatus, type PlanningState } from './planning-status.js'
import { type Counts, MOST_STEPS, type PlanAnswer } from './request.js'
import { SideView } from './side-view.js'

interface Planned {
  readonly recording: Recording
  readonly counts: Counts
  readonly side: Side
}

const PAUSE = 150 // milliseconds without typing before anything is planned
const SLIDER_STEPS = 1000
const costLabels: Readonly<Record<CostName, string>> = {
  forwardStep: 'cost of a forward step',
  adjointStep: 'cost of an adjoint step',
  write: 'cost of a write to disk',
  read: 'cost of a read from disk',
}
const sideIds = ['one', 'two']

const familyOf = ({ command }: Side): SiteSchedule => schedules.find((it) => it.command === command)!

export const Playground = defineComponent({
  name: 'Playground',
  props: {
    /** The schedule to begin with, as on the command line. */
    schedule: { type: String, default: 'revolve' },
    /** Without link, comparison and live run: for a page about one schedule. */
    embedded: { type: Boolean, default: false },
  },
  setup(props) {
    const first = schedules.find((it) => it.command === props.schedule) ?? schedules[0]!
    const found = props.embedded
      ? shownFrom('', schedules, first)
      : shownFrom(location.search.slice(1), schedules, first)
    const shown = shallowRef<Shown>(found.shown)
    const dropped = found.dropped
    const stateSize = ref('')
    const planned = shallowRef<readonly (Planned | undefined)[]>([])
    const errors = shallowRef<readonly (string | undefined)[]>([])
    const state = ref<PlanningState>('done')
    const progress = shallowRef<Progress>({ text: '' })
    const planners = sideIds.map(() =>
      newPlanner<WorkerRequest, PlanAnswer>(newWorker, (it) => (progress.value = it)),
    )
    let timer: ReturnType<typeof setTimeout> | undefined

    const set = (change: Partial<Shown>) => (shown.value = { ...shown.value, ...change })
    const setSide = (i: number, side: Side | undefined) => {
      const sides = shown.value.sides.filter((_, k) => k !== i)
      if (side !== undefined) sides.splice(i, 0, side)
      set({ sides, at: [] })
    }
    const link = () => {
      if (props.embedded) return
      history.replaceState(history.state, '', `${location.pathname}?${queryOf(shown.value)}`)
    }

    const replan = async () => {
      const { sides, steps, costs } = shown.value
      state.value = 'planning'
      const answers = await Promise.all(
        sides.map((side, i) => planners[i]!.plan({ one: { side, steps, costs } })),
      )
      if (answers.includes(undefined)) return // a newer request is pending, or it was stopped
      state.value = 'done'
      // If a plan fails, the previous picture stays.
      planned.value = answers.map((answer, i) =>
        'recording' in answer! ? { ...answer, side: sides[i]! } : planned.value[i],
      )
      errors.value = answers.map((answer) => ('error' in answer! ? answer.error : undefined))
    }
    watch([() => shown.value.sides, () => shown.value.steps, () => shown.value.costs], () => {
      clearTimeout(timer)
      timer = setTimeout(() => void replan(), PAUSE)
      link()
    })
    watch([() => shown.value.at, () => shown.value.across], link)
    onMounted(() => void replan())
    const stop = () => {
      clearTimeout(timer)
      for (const planner of planners) planner.end()
      state.value = 'stopped'
    }
    onBeforeUnmount(stop)

    const stateBytes = computed(() => {
      const size = Number(stateSize.value)
      return stateSize.value.trim() !== '' && size > 0 ? size * 1e6 : undefined
    })

    const sideForm = (side: Side, i: number): VNode => {
      const id = sideIds[i]!
      const family = familyOf(side)
      const names = schedules.map((it) => [it.command, it.factory.definition.name] as const)
      const pick = (command: string) => {
        if (command === '') return setSide(i, undefined)
        const next = schedules.find((it) => it.command === command)!
        const { steps } = shown.value
        setSide(i, exampleSide(next))
        // Unless the reader has chosen a number, enough steps to see what this schedule is for.
        if (i === 0 && steps === exampleSteps(family)) set({ steps: exampleSteps(next) })
      }
      return h('fieldset', { key: id }, [
        h('legend', i === 0 ? 'Schedule' : 'Compared with'),
        labelled(`${id}-schedule`, 'schedule', family.factory.definition.summary, [
          choice(`${id}-schedule`, side.command, i === 0 ? names : [['', 'none'], ...names], pick),
        ]),
        ...optionFields(id, family.factory.definition.options, side.texts, (name, text) =>
          setSide(i, { ...side, texts: { ...side.texts, [name]: text } }),
        ),
      ])
    }

    const sharedForm = (): VNode => {
      const { steps, costs, sides } = shown.value
      const other = schedules.map((it) => [it.command, it.factory.definition.name] as const)
      return h('fieldset', [
        h('legend', 'Run'),
        labelled(
          'steps',
          'steps',
          `time steps of the forward, up to ${MOST_STEPS.toLocaleString('en-US')} here`,
          numberWithSlider('steps', 'steps', steps, { min: 1, max: SLIDER_STEPS }, (text) =>
            set({ steps: text }),
          ),
        ),
        h('details', { open: costNames.some((name) => costs[name] !== usualCosts[name]) }, [
          h('summary', 'Costs and sizes'),
          ...costNames.map((name) =>
            labelled(`cost-${name}`, costLabels[name], 'in any one unit of time', [
              textField(`cost-${name}`, costs[name], usualCosts[name], (text) =>
                set({ costs: { ...costs, [name]: text } }),
              ),
            ]),
          ),
          labelled('state-size', 'size of a state in MB', 'shows memory and disk in bytes', [
            textField('state-size', stateSize.value, 'not given', (text) => (stateSize.value = text)),
          ]),
        ]),
        ...(props.embedded || sides.length > 1
          ? []
          : [
              labelled('compare', 'compare with', 'a second schedule, on the same scale', [
                choice('compare', '', [['', 'none'], ...other], (command) => {
                  const family = schedules.find((it) => it.command === command)
                  if (family !== undefined) setSide(1, exampleSide(family))
                }),
              ]),
            ]),
      ])
    }

    const view = (it: Planned, i: number, all: readonly Planned[]): VNode => {
      const { counts, recording, side } = it
      const family = familyOf(side)
      const { definition } = family.factory
      const named = { ...family, online: definition.online, descriptors: definition.options }
      const { across } = shown.value
      const file = `${side.command}-${counts.steps}`
      const move = (at: number, next: Across) => {
        const places = shown.value.sides.map((_, k) => shown.value.at[k] ?? 0)
        places[i] = at
        set({ at: places, across: next })
      }
      return h(
        'section',
        { key: sideIds[i]!, class: 'side', 'aria-label': `${counts.name}, ${stepsText(counts.steps)}` },
        [
          h('h3', `${counts.name}, ${stepsText(counts.steps)}`),
          h(SideView, {
            recording,
            label: `${counts.name} with ${stepsText(counts.steps)}`,
            across,
            extent: extentOf(...all.map((one) => one.recording)),
            at: shown.value.at[i] ?? 0,
            online: definition.online,
            onMove: move,
            onEnd: (steps: number) => set({ steps: String(steps) }),
          }),
          h('details', { class: 'take' }, [
            h('summary', 'Export'),
            h('div', { class: 'buttons' }, [
              action('Save SVG', () =>
                save(`${file}.svg`, svgOf(recording, counts, across), 'image/svg+xml'),
              ),
              action('Save PNG', async () =>
                save(`${file}.png`, await pngOf(svgOf(recording, counts, across))),
              ),
              action('Save JSON', () =>
                save(`${file}.json`, jsonOf(side.command, recording, counts), 'application/json'),
              ),
            ]),
            h('p', 'In a program:'),
            h(
              'pre',
              { tabindex: 0, class: 'code', 'aria-label': 'Code' },
              codeFor(named, counts.options, counts.steps),
            ),
            h('p', 'On the command line:'),
            h(
              'pre',
              { tabindex: 0, class: 'command', 'aria-label': 'Command line' },
              commandLineFor(named, counts.options, counts.steps),
            ),
          ]),
        ],
      )
    }

    return () => {
      const { sides } = shown.value
      const views = planned.value.slice(0, sides.length).filter((it) => it !== undefined)
      const messages = errors.value.slice(0, sides.length).filter((it) => it !== undefined)
      const form = () =>
        h(
          FormPanel,
          { summary: summaryOf(shown.value), isFolded: props.embedded },
          { default: () => [...sides.map(sideForm), sharedForm()] },
        )
      const stage = () =>
        h('div', { class: 'stage' }, [
          h(PlanningStatus, { state: state.value, progress: progress.value, onStop: stop, onAgain: replan }),
          h(
            'div',
            { role: 'alert' },
            messages.map((message) => h('p', { class: 'problem' }, message)),
          ),
          h(
            'div',
            { class: messages.length > 0 || state.value !== 'done' ? 'sides stale' : 'sides' },
            views.map((it, i) => view(it, i, views)),
          ),
          views.length === 0
            ? undefined
            : h(
                'div',
                { class: 'scroll' },
                countsTable(
                  views.map((it) => it.counts),
                  stateBytes.value,
                ),
              ),
        ])
      return h('div', { class: 'playground', 'aria-busy': state.value === 'planning' }, [
        dropped.length === 0
          ? undefined
          : h(
              'p',
              { class: 'notice', role: 'status' },
              `Parts of the link were not understood and are ignored: ${dropped.slice(0, 5).join(', ')}.`,
            ),
        h(
          'div',
          { class: props.embedded ? 'bench' : 'bench wide' },
          props.embedded ? [stage(), form()] : [form(), stage()],
        ),
        props.embedded
          ? h('p', h('a', { href: linkTo(shown.value) }, 'Open in the playground'))
          : h(CopyLink),
        props.embedded || views.length === 0
          ? undefined
          : h(LiveRun, {
              family: familyOf(views[0]!.side),
              options: views[0]!.counts.options,
              steps: views[0]!.counts.steps,
            }),
      ])
    }
  },
})

const stepsText = (steps: number) => `${steps.toLocaleString('en-US')} ${steps === 1 ? 'step' : 'steps'}`

/** `Revolve, 10 steps, snapshotsInRam 3`. */
function summaryOf({ sides, steps }: Shown): string {
  const texts = sides.map((side) => {
    const given = Object.entries(side.texts).filter(([, text]) => text !== '')
    const options = given.map(([name, text]) => `${name} ${text.replaceAll('\n', '; ')}`)
    return [familyOf(side).factory.definition.name, `${steps} steps`, ...options].join(', ')
  })
  return texts.join(', and ')
}

const linkTo = (shown: Shown) => withBase(`/playground.html?${queryOf(shown)}`)

function action(label: string, onClick: () => unknown): VNode {
  return h('button', { type: 'button', onClick: () => void onClick() }, label)
}
