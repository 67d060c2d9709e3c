// The theme without its web font: system fonts are used, and nothing is fetched.
import theme from 'vitepress/theme-without-fonts'
import { type Component, defineComponent, h, onMounted, shallowRef } from 'vue'
import './playground.css'
import 'katex/dist/katex.min.css'
import './pages.css'
import './home.css'
import { NotFound } from './not-found.js'

/** A component that needs a browser; until its code has loaded, the page's own content is shown in its place. */
const inBrowsers = (load: () => Promise<Component>, props: Record<string, unknown> = {}) =>
  defineComponent({
    props: props as Record<string, StringConstructor | BooleanConstructor>,
    setup(props, { slots }) {
      const loaded = shallowRef<Component>()
      onMounted(async () => {
        loaded.value = await load()
      })
      return () => (loaded.value === undefined ? slots['default']?.() : h(loaded.value, { ...props }))
    },
  })

const Playground = inBrowsers(
  async () => (await import('../../src/playground/playground-page.js')).PlaygroundPage,
  { schedule: String, embedded: Boolean },
)
const Training = inBrowsers(async () => (await import('../../src/neural-ode/training-page.js')).TrainingPage)
const Inversion = inBrowsers(
  async () => (await import('../../src/inversion/inversion-page.js')).InversionPage,
)

export default {
  extends: theme,
  Layout: () => h(theme.Layout, null, { 'not-found': () => h(NotFound) }),
  enhanceApp({ app }: { app: { component(name: string, it: object): unknown } }) {
    app.component('Playground', Playground)
    app.component('Training', Training)
    app.component('Inversion', Inversion)
  },
}
