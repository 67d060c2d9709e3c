import { fileURLToPath } from 'node:url'
import { StorageType, tape, UNBOUNDED } from '@checkpoint-schedules/core'
import { simulate } from '@checkpoint-schedules/simulator'
import { expect, test } from 'vitest'
import { diagram } from '../src/diagram.js'
import { EXAMPLE_STEPS, exampleOptions } from '../src/example-options.js'
import { familiesIn } from '../src/families.js'
import { familyPage } from '../src/family-page.js'
import { why } from '../src/why.js'

const families = await familiesIn(fileURLToPath(new URL('../../../packages', import.meta.url)))

test('finds the families of the workspace', () => {
  expect(families.map((it) => it.exportName)).toContain('revolve')
})

test.each(families)(
  '$exportName: a page with what the simulator counts, and a mark for each action',
  (family) => {
    const page = familyPage(family)
    const schedule = family.factory(exampleOptions(family.factory.definition.options))
    const { forwardSteps } = simulate(schedule, { steps: EXAMPLE_STEPS })
    expect(page).toContain(`**${forwardSteps}** forward steps`)
    for (const option of Object.keys(family.factory.definition.options))
      expect(page).toContain(`| \`${option}\` |`)
    const ends = [...schedule.start({ steps: EXAMPLE_STEPS })].filter((it) => it.type.startsWith('End'))
    const actions = [...schedule.start({ steps: EXAMPLE_STEPS })]
    expect(page.match(/<title>/g)).toHaveLength(actions.length - ends.length)
    for (const action of actions) expect(why(action, EXAMPLE_STEPS)).not.toContain(String(UNBOUNDED))
  },
)

test('text in a diagram is escaped', () => {
  expect(diagram([tape(0)], 1, '"><script>')).not.toContain('<script>')
})

test('a sentence tells a tape for the adjoint from one that is stored', () => {
  expect(why(tape(3), 4)).toContain('because the adjoint takes it next')
  const stored = { ...tape(3), storage: StorageType.DISK }
  expect(why(stored, 4)).toContain('stores its tape in DISK')
})
