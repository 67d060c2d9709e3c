import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { colourVariables } from '@checkpoint-schedules/space-time'
import katex from '@vscode/markdown-it-katex'
import { defineConfig, type MarkdownRenderer } from 'vitepress'
import { checkLinks } from '../generate/check-links.mjs'
import { findFamilies } from '../src/families.js'
import { schedulesPlugin } from '../src/schedules-plugin.js'

const families = await findFamilies()

/** The pages of a folder, titled by their first headings, so that a new file appears in the sidebar by itself. */
function pagesIn(folder: string) {
  const path = fileURLToPath(new URL(`../${folder}/`, import.meta.url))
  if (!existsSync(path)) return []
  const files = readdirSync(path).filter((file) => file.endsWith('.md'))
  const own = files.filter((file) => file === 'index.md')
  return [...own, ...files.filter((file) => !own.includes(file))].map((file) => ({
    text: /^# (.+)$/m.exec(readFileSync(path + file, 'utf8'))?.[1]?.replaceAll('`', '') ?? file,
    link: `/${folder}/${file === 'index.md' ? '' : file.slice(0, -3)}`,
  }))
}

/** The packages, and the topics of the large ones: `core: actions` is below `core`. */
function apiPages() {
  const [, ...packages] = pagesIn('reference/api')
  return packages.map((it) => {
    const topics = pagesIn(it.link.slice(1))
    const items = topics.map((topic) => ({ ...topic, text: topic.text.replace(/^.+?: /, '') }))
    return { ...it, ...(items.length === 0 ? {} : { collapsed: true, items }) }
  })
}

/** Formulas with KaTeX. Wide formulas scroll on a phone, so they must be reachable by keyboard. */
function formulas(markdown: MarkdownRenderer) {
  markdown.use((katex as unknown as { default: typeof katex }).default)
  const block = markdown.renderer.rules['math_block']!
  markdown.renderer.rules['math_block'] = (...given) => block(...given).replace('<p ', '<p tabindex="0" ')
}

const description =
  'Gradients of long simulations in the memory you have: checkpoint schedules for adjoints of time-stepping models, in TypeScript, for Node and browsers.'
/** Once the repository is public, package.json says where it is. */
const { repository } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as { repository?: string }
/** Where the site will be, such as `https://example.org`: whoever shows a link to it needs the picture's full address. */
const origin = process.env['SITE_ORIGIN'] ?? ''

export default defineConfig({
  title: 'checkpoint-schedules',
  description,
  head: [
    ['link', { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }],
    // Pictures within pages take their colours from these.
    ['style', {}, `:root { ${colourVariables('light')} } .dark { ${colourVariables('dark')} }`],
    ['meta', { property: 'og:title', content: 'checkpoint-schedules' }],
    ['meta', { property: 'og:description', content: description }],
    ['meta', { property: 'og:type', content: 'website' }],
    ['meta', { property: 'og:image', content: `${origin}/pictures/social.png` }],
    ['meta', { property: 'og:image:width', content: '1200' }],
    ['meta', { property: 'og:image:height', content: '630' }],
    ['meta', { name: 'twitter:card', content: 'summary_large_image' }],
  ],
  vite: {
    plugins: [schedulesPlugin()],
    worker: { format: 'es', plugins: () => [schedulesPlugin()] },
  },
  // These are included in other pages.
  srcExclude: ['theory/**'],
  // VitePress's default code colours have too little contrast on its grey.
  markdown: { config: formulas, theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' } },
  buildEnd: ({ outDir }) => checkLinks(outDir),
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Get started', link: '/get-started', activeMatch: '^/get-started' },
      { text: 'Which schedule', link: '/which-schedule', activeMatch: '^/(which-schedule|schedules/)' },
      { text: 'Playground', link: '/playground', activeMatch: '^/playground' },
      { text: 'Invert', link: '/invert-in-the-browser', activeMatch: '^/invert-in-the-browser' },
      { text: 'Reference', link: '/reference/api/', activeMatch: '^/(reference/|glossary|errors)' },
      ...(repository === undefined ? [] : [{ text: 'Source', link: repository }]),
    ],
    sidebar: [
      {
        text: 'Learn',
        items: [
          { text: 'Get started', link: '/get-started' },
          { text: 'What checkpointing is', link: '/what-checkpointing-is' },
          { text: 'Which schedule should I use?', link: '/which-schedule' },
          { text: 'Playground', link: '/playground' },
          { text: 'Invert in the browser', link: '/invert-in-the-browser' },
          { text: 'The demo: a seismic gradient', link: '/demo' },
          { text: 'From an equation to a gradient', link: '/equation-to-gradient' },
          { text: 'Bring your own model', link: '/bring-your-own-model' },
        ],
      },
      {
        text: 'Schedules',
        items: [
          ...families.map((it) => ({ text: it.factory.definition.name, link: `/schedules/${it.command}` })),
          { text: 'HRevolve without tables', link: '/h-revolve-without-tables' },
        ],
      },
      { text: 'Automatic differentiation', items: pagesIn('autodiff') },
      { text: 'The driver', items: pagesIn('driver') },
      { text: 'Recipes', items: pagesIn('recipes') },
      { text: 'Extend', items: pagesIn('extend') },
      {
        text: 'Reference',
        items: [
          { text: 'Command line', link: '/reference/command-line' },
          {
            text: 'API',
            collapsed: true,
            link: '/reference/api/',
            items: apiPages(),
          },
          { text: 'Glossary', link: '/glossary' },
          { text: 'Error codes', link: '/errors' },
          { text: 'Coming from another package', link: '/coming-from' },
          { text: 'How it is tested', link: '/how-it-is-tested' },
          { text: 'Changelog', link: '/reference/changelog' },
        ],
      },
    ],
  },
})
