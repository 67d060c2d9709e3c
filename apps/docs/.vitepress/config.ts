import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { familiesIn } from '../src/families.js'
import { schedulesPlugin } from '../src/schedules-plugin.js'

const packages = fileURLToPath(new URL('../../../packages', import.meta.url))
const families = await familiesIn(packages)

/** The pages of a folder, by their first headings: a new file is in the sidebar as soon as it is there. */
function pagesIn(folder: string) {
  const path = fileURLToPath(new URL(`../${folder}/`, import.meta.url))
  return readdirSync(path)
    .filter((file) => file.endsWith('.md'))
    .map((file) => ({
      text: /^# (.+)$/m.exec(readFileSync(path + file, 'utf8'))?.[1] ?? file,
      link: `/${folder}/${file.slice(0, -3)}`,
    }))
}

export default defineConfig({
  title: 'checkpoint-schedules',
  description: 'Checkpoint schedules for adjoints of time-stepping models.',
  head: [['link', { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }]],
  vite: {
    plugins: [schedulesPlugin(packages)],
    worker: { format: 'es', plugins: () => [schedulesPlugin(packages)] },
  },
  themeConfig: {
    search: { provider: 'local' },
    sidebar: [
      {
        text: 'Learn',
        items: [
          { text: 'What checkpointing is', link: '/what-checkpointing-is' },
          { text: 'Which schedule should I use?', link: '/which-schedule' },
          { text: 'Playground', link: '/playground' },
        ],
      },
      {
        text: 'Schedules',
        items: families.map((it) => ({ text: it.factory.definition.name, link: `/schedules/${it.command}` })),
      },
      { text: 'The driver', items: pagesIn('driver') },
      { text: 'Recipes', items: pagesIn('recipes') },
    ],
  },
})
