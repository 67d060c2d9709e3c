/** One schedule of the playground: its viewer, updated with its recording. */
import { mountViewer, type Across, type Recording, type Viewer } from '@checkpoint-schedules/space-time'
import { defineComponent, h, onBeforeUnmount, onMounted, type PropType, shallowRef, watch } from 'vue'

export const SideView = defineComponent({
  name: 'SideView',
  props: {
    recording: { type: Object as PropType<Recording>, required: true },
    label: { type: String, required: true },
    across: { type: String as PropType<Across>, required: true },
    at: { type: Number, required: true },
  },
  emits: ['move'],
  setup(props, { emit }) {
    const host = shallowRef<HTMLElement>()
    let viewer: Viewer | undefined
    onMounted(() => {
      viewer = mountViewer(host.value!, props.recording, {
        label: props.label,
        across: props.across,
        at: props.at,
        onMove: (at, across) => emit('move', at, across),
      })
    })
    watch(
      () => props.recording,
      (recording) => viewer?.show(recording, props.label),
    )
    onBeforeUnmount(() => viewer?.remove())
    return () => h('div', { ref: host })
  },
})
