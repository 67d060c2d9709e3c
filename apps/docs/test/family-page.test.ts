import { UNBOUNDED } from '@checkpoint-schedules/core'
import { simulate } from '@checkpoint-schedules/simulator'
import { expect, test } from 'vitest'
import { EXAMPLE_STEPS, exampleOptions } from '../src/example-options.js'
import { findFamilies } from '../src/families.js'
import { familyPage } from '../src/family-page.js'

const families = await findFamilies()

test('finds the families of the workspace', () => {
  expect(families.map((it) => it.exportName)).toContain('revolve')
})

test.each(families)(
  '$exportName: a page with what the simulator counts, and a row for each action',
  (family) => {
    const page = familyPage(family)
    const { options } = family.factory.definition
    const schedule = family.factory(exampleOptions(family.factory))
    const { forwardSteps } = simulate(schedule, { steps: EXAMPLE_STEPS })
    expect(page).toContain(`**${forwardSteps}** forward steps`)
    for (const option of Object.keys(options)) expect(page).toContain(`| \`${option}\` |`)
    const actions = [...schedule.start({ steps: EXAMPLE_STEPS })]
    expect(page.match(/^\| \d+ \| `/gm)).toHaveLength(actions.length)
    expect(page).not.toContain(String(UNBOUNDED))
  },
)
