import { findFamilies } from '../src/families.js'
import { familyPage } from '../src/family-page.js'

export default {
  async paths() {
    const families = await findFamilies()
    return families.map((it) => ({ params: { name: it.command }, content: familyPage(it) }))
  },
}
