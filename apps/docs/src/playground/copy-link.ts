/** A button that copies the page's address, and says so. */
import { defineComponent, h, onBeforeUnmount, ref } from 'vue'

const SHOWN = 4000 // milliseconds

export const CopyLink = defineComponent({
  name: 'CopyLink',
  setup() {
    const said = ref('')
    let timer: ReturnType<typeof setTimeout> | undefined
    onBeforeUnmount(() => clearTimeout(timer))
    const copy = async () => {
      clearTimeout(timer)
      try {
        await navigator.clipboard.writeText(location.href)
        said.value = 'Copied.'
      } catch {
        // Some browsers permit it only on pages with https, or ask the reader first.
        said.value = 'This browser does not permit it here. The link is in the address bar.'
      }
      timer = setTimeout(() => (said.value = ''), SHOWN)
    }
    return () =>
      h('div', { class: 'buttons' }, [
        h('button', { type: 'button', onClick: () => void copy() }, 'Copy link'),
        h('span', { class: 'said', role: 'status' }, said.value),
      ])
  },
})
