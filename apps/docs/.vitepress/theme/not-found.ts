/** What is shown for an address that leads nowhere. */
import { withBase } from 'vitepress'
import { h } from 'vue'

const ways = [
  ['get-started', 'Get started', 'from npm install to a gradient'],
  ['which-schedule', 'Which schedule should I use?', 'for your steps, memory and disk'],
  ['playground', 'Playground', 'see what a schedule does'],
  ['reference/api/', 'API', 'every export of every package'],
  ['glossary', 'Glossary', 'what the words mean'],
] as const

export const NotFound = () =>
  h('div', { class: 'not-found' }, [
    h('h1', 'There is no such page'),
    h(
      'p',
      'Its address is mistyped, or it has moved. The search above finds any page by its words. You may look for one of these:',
    ),
    h(
      'ul',
      ways.map(([page, title, what]) =>
        h('li', [
          h('a', { href: withBase(page.endsWith('/') ? `/${page}` : `/${page}.html`) }, title),
          ` ${what}`,
        ]),
      ),
    ),
    h('p', [h('a', { href: withBase('/') }, 'To the first page')]),
  ])
