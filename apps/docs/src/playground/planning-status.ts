/** "Planning…", with a bar and a button to stop it, once planning takes long enough to be noticed. */
import { defineComponent, h, onBeforeUnmount, type PropType, ref, watch } from 'vue'
import type { Progress } from './planner.js'

/** Whether a page is planning. */
export type PlanningState = 'planning' | 'stopped' | 'done'

const NOTICED = 300 // milliseconds

export const PlanningStatus = defineComponent({
  name: 'PlanningStatus',
  props: {
    state: { type: String as PropType<PlanningState>, required: true },
    progress: { type: Object as PropType<Progress>, required: true },
  },
  emits: ['stop', 'again'],
  setup(props, { emit }) {
    const isNoticed = ref(false)
    let timer: ReturnType<typeof setTimeout> | undefined
    watch(
      () => props.state,
      (state) => {
        clearTimeout(timer)
        if (state === 'planning') timer = setTimeout(() => (isNoticed.value = true), NOTICED)
        else isNoticed.value = state === 'stopped'
      },
      { immediate: true },
    )
    onBeforeUnmount(() => clearTimeout(timer))
    return () => {
      const isPlanning = props.state === 'planning'
      const { text, part } = props.progress
      // The same button for both, so that it keeps the focus.
      return h('div', { class: 'planning' }, [
        h(
          'p',
          { role: 'status' },
          isNoticed.value ? (isPlanning ? 'Planning…' : 'Planning was stopped.') : '',
        ),
        ...(isNoticed.value
          ? [
              isPlanning
                ? h('progress', { key: 'bar', 'aria-label': 'Planning', max: 1, value: part })
                : undefined,
              isPlanning ? h('small', { key: 'text' }, text) : undefined,
              h(
                'button',
                { key: 'button', type: 'button', onClick: () => emit(isPlanning ? 'stop' : 'again') },
                isPlanning ? 'Stop' : 'Plan again',
              ),
            ]
          : []),
      ])
    }
  },
})
