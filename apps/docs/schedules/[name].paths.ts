import { fileURLToPath } from 'node:url'
import { familiesIn } from '../src/families.js'
import { familyPage } from '../src/family-page.js'

export default {
  async paths() {
    const families = await familiesIn(fileURLToPath(new URL('../../../packages', import.meta.url)))
    return families.map((it) => ({ params: { name: it.command }, content: familyPage(it) }))
  },
}
