/** Schedules on one time axis, each a line: what the same steps take with what each of them may keep. */
import { defineComponent, h } from 'vue'
import { withBase } from 'vitepress'
import { data } from './home.data.js'

export const ScheduleStrip = defineComponent({
  name: 'ScheduleStrip',
  setup: () => () => [
    h(
      'ul',
      { class: 'signs' },
      signs.map(([kind, text]) => h('li', [h('span', { class: ['sign', kind] }), text])),
    ),
    h(
      'ol',
      { class: 'schedule-strip' },
      data.strip.map(({ name, page, budget, svg, time, forwardSteps }) =>
        h('li', [
          h('p', [h('a', { href: withBase(`/schedules/${page}.html`) }, name), h('small', budget)]),
          h('div', { innerHTML: svg }),
          h('p', { class: 'time' }, [
            h('strong', `time ${time}`),
            h('small', `${forwardSteps} forward steps`),
          ]),
        ]),
      ),
    ),
  ],
})

const signs = [
  ['forward', 'forward'],
  ['tape', 'forward that keeps its tapes'],
  ['adjoint', 'adjoint'],
  ['memory', 'state in memory'],
  ['disk', 'state on disk'],
  ['tapes', 'tapes in memory'],
] as const
