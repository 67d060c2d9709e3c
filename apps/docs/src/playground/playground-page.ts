/** The playground begins from a schedule or from a budget; the address says from which. */
import { withBase } from 'vitepress'
import { defineComponent, h } from 'vue'
import { budgetFrom } from './budget.js'
import { BudgetView } from './budget-view.js'
import { Playground } from './playground.js'

export const PlaygroundPage = defineComponent({
  name: 'PlaygroundPage',
  props: { schedule: { type: String, default: 'revolve' }, embedded: Boolean },
  setup(props) {
    if (props.embedded) return () => h(Playground, { ...props })
    const budget = budgetFrom(location.search)
    // Links that load the page: the browser's way back works, and each begins afresh.
    const mode = (label: string, query: string, isCurrent: boolean) =>
      h(
        'a',
        {
          href: withBase(`/playground.html${query}`),
          target: '_self',
          'aria-current': isCurrent ? 'page' : undefined,
        },
        label,
      )
    return () => [
      h('nav', { class: 'playground-modes', 'aria-label': 'Begin with' }, [
        mode('From a schedule', '', budget === undefined),
        mode('From a budget', '?from=budget', budget !== undefined),
      ]),
      budget === undefined ? h(Playground, { ...props }) : h(BudgetView, { budget }),
    ]
  },
})
