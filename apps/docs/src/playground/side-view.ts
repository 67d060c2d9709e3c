/** One schedule of the playground: its viewer, updated with its recording; an online one may end wherever the forward is. */
import {
  type Across,
  type Extent,
  Kind,
  momentAt,
  mountViewer,
  type Recording,
  type Viewer,
} from '@checkpoint-schedules/space-time'
import { defineComponent, h, onBeforeUnmount, onMounted, type PropType, shallowRef, watch } from 'vue'

export const SideView = defineComponent({
  name: 'SideView',
  props: {
    recording: { type: Object as PropType<Recording>, required: true },
    label: { type: String, required: true },
    across: { type: String as PropType<Across>, required: true },
    /** Of all that are compared. */
    extent: { type: Object as PropType<Extent>, required: true },
    at: { type: Number, required: true },
    /** Whether the forward may end anywhere. */
    online: { type: Boolean, default: false },
  },
  emits: ['move', 'end'],
  setup(props, { emit }) {
    const host = shallowRef<HTMLElement>()
    let viewer: Viewer | undefined
    let endsHere = false
    onMounted(() => {
      viewer = mountViewer(host.value!, props.recording, {
        label: props.label,
        across: props.across,
        extent: props.extent,
        at: props.at,
        onMove: (at, across) => emit('move', at, across),
      })
    })
    watch(
      () => props.recording,
      (recording) => {
        viewer?.show(recording, props.label, props.extent)
        if (endsHere) viewer?.moveTo(recording.kinds.indexOf(Kind.EndForward))
        endsHere = false
      },
    )
    onBeforeUnmount(() => viewer?.remove())
    const endHere = () => {
      endsHere = true
      emit('end', momentAt(props.recording, props.at).n)
    }
    return () =>
      h('div', [
        h('div', { ref: host }),
        props.online
          ? h('div', { class: 'buttons' }, [
              h(
                'button',
                {
                  type: 'button',
                  disabled: props.at >= props.recording.kinds.indexOf(Kind.EndForward) - 1,
                  title: 'The forward ends after this action: nobody knew that before',
                  onClick: endHere,
                },
                'End here',
              ),
            ])
          : undefined,
      ])
  },
})
