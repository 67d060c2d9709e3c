/** The form beside the picture; on a narrow screen it is folded up, so that the picture is the first thing to see. */
import { defineComponent, h, onBeforeUnmount, ref } from 'vue'

export const FormPanel = defineComponent({
  name: 'FormPanel',
  props: {
    /** What is chosen, for the folded form. */
    summary: { type: String, required: true },
    /** Whether it is folded up on any screen. */
    isFolded: { type: Boolean, default: false },
  },
  setup(props, { slots }) {
    const wide = matchMedia('(min-width: 960px)')
    const isWide = ref(wide.matches)
    const follow = () => (isWide.value = wide.matches)
    wide.addEventListener('change', follow)
    onBeforeUnmount(() => wide.removeEventListener('change', follow))
    return () => {
      const form = h(
        'form',
        { class: 'forms', onSubmit: (event: Event) => event.preventDefault() },
        slots['default']?.(),
      )
      return isWide.value && !props.isFolded
        ? h('div', { class: 'panel' }, [form])
        : h('details', { class: 'panel' }, [h('summary', `Change: ${props.summary}`), form])
    }
  },
})
