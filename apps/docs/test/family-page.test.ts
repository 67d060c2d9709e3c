import { UNBOUNDED } from '@checkpoint-schedules/core'
import { simulate } from '@checkpoint-schedules/simulator'
import { expect, test } from 'vitest'
import { exampleOf } from '../src/example-options.js'
import { findFamilies } from '../src/families.js'
import { familyPage } from '../src/family-page.js'
import { queryOf, type Shown, shownFrom } from '../src/playground/address.js'

const families = await findFamilies()

test('finds the families of the workspace', () => {
  expect(families.map((it) => it.exportName)).toContain('revolve')
})

test.each(families)(
  '$exportName: a page with what the simulator counts, and a row for each action',
  (family) => {
    const page = familyPage(family)
    const { options } = family.factory.definition
    const { steps, options: given } = exampleOf(family.factory)
    const schedule = family.factory(given)
    const { forwardSteps, peak } = simulate(schedule, { steps })
    expect(page).toContain(`**${forwardSteps}** forward steps`)
    for (const option of Object.keys(options)) expect(page).toContain(`| \`${option}\` |`)
    const actions = [...schedule.start({ steps })]
    expect(page.match(/^\| \d+ \| `/gm)).toHaveLength(actions.length)
    expect(page).not.toContain(String(UNBOUNDED))
    // The example shows the schedule at work in each storage that it is for.
    for (const storage of Object.keys(schedule.manifest.limits)) expect(peak[storage]).toBeGreaterThan(0)
  },
)

test.each(families)('$exportName: a short link to the playground shows the example', (family) => {
  const { shown, dropped } = shownFrom(`schedule=${family.command}`, families, families[0]!)
  const linked = (it: Shown) => Object.fromEntries(new URLSearchParams(queryOf(it)))
  expect(linked(shown)).toEqual(linked(shownFrom('', families, family).shown))
  expect(dropped).toEqual([])
})

test('a link gets what it must have and leaves out; nothing else', () => {
  const { shown } = shownFrom('schedule=two-level&period=8', families, families[0]!)
  expect(shown.sides[0]!.texts).toMatchObject({ period: '8', trajectory: '' })
  expect(shown.sides[0]!.texts['binomialSnapshots']).not.toBe('')
  // Links made before time went across by default.
  expect(shownFrom('across=time', families, families[0]!).shown.across).toBe('time')
  expect(shownFrom('across=actions', families, families[0]!).shown.across).toBe('actions')
})
