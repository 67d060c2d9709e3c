/** A small picture of a schedule beside a text, with what it takes. */
import { defineComponent, h } from 'vue'
import { withBase } from 'vitepress'
import { data } from './thumbnails.data.js'

export const SmallPicture = defineComponent({
  name: 'SmallPicture',
  props: { of: { type: String, required: true } },
  setup: (props) => () => {
    const shown = data.find(({ page }) => page === props.of)
    if (shown === undefined) return undefined
    return h('a', { class: 'small-picture', href: withBase(`/schedules/${shown.page}.html`) }, [
      h('span', { innerHTML: shown.svg }),
      h('span', `time ${shown.time}, ${shown.forwardSteps} forward steps`),
    ])
  },
})
