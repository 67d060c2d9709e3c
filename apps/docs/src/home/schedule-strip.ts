/** Schedules on one time axis, each a line: what the same steps take with what each of them may keep. */
import { defineComponent, h } from 'vue'
import { withBase } from 'vitepress'
import { data } from './home.data.js'

export const ScheduleStrip = defineComponent({
  name: 'ScheduleStrip',
  setup: () => () =>
    h(
      'ol',
      { class: 'schedule-strip' },
      data.strip.map(({ name, page, budget, svg, time, forwardSteps }) =>
        h('li', [
          h('p', [h('a', { href: withBase(`/schedules/${page}.html`) }, name), h('small', budget)]),
          h('div', { innerHTML: svg }),
          h('p', { class: 'time' }, [h('strong', String(time)), h('small', `${forwardSteps} forward`)]),
        ]),
      ),
    ),
})
