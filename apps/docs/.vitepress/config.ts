import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { familiesIn } from '../src/families.js'

const families = await familiesIn(fileURLToPath(new URL('../../../packages', import.meta.url)))
const recipes = fileURLToPath(new URL('../recipes/', import.meta.url))
const recipeItems = (existsSync(recipes) ? readdirSync(recipes) : [])
  .filter((file) => file.endsWith('.md'))
  .map((file) => ({
    text: /^# (.+)$/m.exec(readFileSync(recipes + file, 'utf8'))?.[1] ?? file,
    link: `/recipes/${file.slice(0, -3)}`,
  }))

export default defineConfig({
  title: 'checkpoint-schedules',
  description: 'Checkpoint schedules for adjoints of time-stepping models.',
  themeConfig: {
    search: { provider: 'local' },
    sidebar: [
      {
        text: 'Learn',
        items: [
          { text: 'What checkpointing is', link: '/what-checkpointing-is' },
          { text: 'Which schedule should I use?', link: '/which-schedule' },
        ],
      },
      {
        text: 'Schedules',
        items: families.map((it) => ({ text: it.factory.definition.name, link: `/schedules/${it.command}` })),
      },
      ...(recipeItems.length > 0 ? [{ text: 'Recipes', items: recipeItems }] : []),
    ],
  },
})
