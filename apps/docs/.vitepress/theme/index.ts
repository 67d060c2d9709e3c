// The theme without its web font: system fonts are used, and nothing is fetched.
import theme from 'vitepress/theme-without-fonts'
import { type Component, defineComponent, h, onMounted, shallowRef } from 'vue'
import './playground.css'
import 'katex/dist/katex.min.css'
import './pages.css'
import './home.css'
import { NotFound } from './not-found.js'

/** The playground needs a browser; until its code has loaded, the page's own content is shown in its place. */
const PlaygroundHere = defineComponent({
  props: { schedule: String, embedded: Boolean },
  setup(props, { slots }) {
    const loaded = shallowRef<Component>()
    onMounted(async () => {
      loaded.value = (await import('../../src/playground/playground-page.js')).PlaygroundPage
    })
    return () => (loaded.value === undefined ? slots['default']?.() : h(loaded.value, { ...props }))
  },
})

export default {
  extends: theme,
  Layout: () => h(theme.Layout, null, { 'not-found': () => h(NotFound) }),
  enhanceApp: ({ app }: { app: { component(name: string, it: object): unknown } }) =>
    void app.component('Playground', PlaygroundHere),
}
