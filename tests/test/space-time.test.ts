/** Recordings for pictures against the simulator's machine, and what the pictures keep and leave out. */
import { type Action, discard, endForward, keepAll, reverseAll, store } from '@checkpoint-schedules/core'
import { Machine, simulate } from '@checkpoint-schedules/simulator'
import {
  actionAt,
  colourVariables,
  extentOf,
  momentAt,
  record,
  toSketch,
  toSvg,
  viewerPage,
  whyAt,
} from '@checkpoint-schedules/space-time'
import { arbitraryOptions } from '@checkpoint-schedules/testkit'
import { hRevolve } from '@checkpoint-schedules/revolve'
import { multistage } from '@checkpoint-schedules/multistage'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { families } from './support/families.js'

describe('a recording', () => {
  test.each(families)(
    '$exportName: the actions, the occupancy and the times are those of the simulator',
    ({ factory }) => {
      const property = fc.property(
        arbitraryOptions(factory, { steps: 40, slots: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(
          {},
          { forwardStep: 2, adjointStep: 3, write: { RAM: 0.5, DISK: 7 }, read: { DISK: 11 } },
        ),
        (given, online, costs) => {
          const schedule = factory(given)
          const steps = schedule.manifest.steps ?? online
          const recording = record(schedule, { steps, costs })
          const actions = [...schedule.start({ steps })]
          const clipped = actions.map((it) =>
            it.type === 'Forward' ? { ...it, n1: Math.min(it.n1, steps) } : it,
          )
          expect(Array.from({ length: recording.length }, (_, i) => actionAt(recording, i))).toEqual(clipped)
          expect(recording.times.at(-1)).toBeCloseTo(simulate(schedule, { steps, costs }).makespan, 9)
          const machine = new Machine({ steps, online: true, onViolation: () => {} })
          for (const [i, action] of actions.entries()) {
            machine.apply(action)
            const { forwardSteps, adjointSteps, held } = momentAt(recording, i)
            expect({ forwardSteps, adjointSteps }).toEqual({
              forwardSteps: machine.forwardSteps,
              adjointSteps: machine.adjointSteps,
            })
            for (const [storage, { held: expected }] of machine.storages) {
              const listed = held[storage] ?? []
              expect(listed.map(([from]) => from)).toEqual([...expected.keys()].toSorted((a, b) => a - b))
              expect(recording.held[recording.storages.indexOf(storage)]?.[i] ?? 0).toBe(expected.size)
            }
            expect(whyAt(recording, i)).toMatch(/^[A-Z].*\.$/)
          }
        },
      )
      fc.assert(property, { numRuns: 60, includeErrorInReport: true })
    },
  )

  test('tapes kept in working memory are held as ranges', () => {
    const recording = record([keepAll(0, 4), endForward(), reverseAll(4, 0)])
    expect(momentAt(recording, 0).held).toEqual({ WORKING_MEMORY: [[0, 4]] })
    expect(recording.steps).toBe(4)
  })

  test('refuses what it cannot know, in a sentence', () => {
    const online = families.find(({ factory }) => factory.definition.online)!.factory
    expect(() => record(online({}))).toThrow(/is online: pass \{ steps \}/)
    expect(() => record([store(0, 2, 'RAM')])).toThrow(/do not say how many steps there are/)
    expect(() => record(multistage({ steps: 100, snapshotsInRam: 3 }), { mostActions: 10 })).toThrow(
      /more than 10 actions/,
    )
  })

  test('says how often a checkpoint will be read', () => {
    const recording = record(multistage({ steps: 10, snapshotsInRam: 3 }))
    const reads = Array.from({ length: recording.length }, (_, i) => actionAt(recording, i)).filter(
      (it: Action) => (it.type === 'Copy' || it.type === 'Move') && it.n === 0,
    )
    expect(whyAt(recording, 0)).toContain(`it will be read ${reads.length} times`)
  })
})

describe('a picture', () => {
  test('stays small however many actions there are', () => {
    const size = (steps: number) =>
      toSvg(record(hRevolve({ steps, snapshotsInRam: 5, snapshotsOnDisk: 20 })), { title: 'x', width: 1000 })
        .length
    expect(size(100_000)).toBeLessThan(2 * size(10_000))
  })

  test.each(['actions', 'time'] as const)(
    'draws every action of a small schedule, with %s across',
    (across) => {
      const recording = record(multistage({ steps: 10, snapshotsInRam: 3 }))
      const svg = toSvg(recording, { title: 'x', across })
      const count = (pattern: RegExp) => [...svg.matchAll(pattern)].length
      const lines = [...svg.matchAll(/ d="([^"]*)"[^>]*stroke-width="4"/g)].map(([, path]) => path).join('')
      const kinds = Array.from({ length: recording.length }, (_, i) => actionAt(recording, i))
      const taped = kinds.filter((it) => it.type === 'Forward' && it.writeAdjDeps).length
      const reads = kinds.filter((it) => it.type === 'Copy' || it.type === 'Move').length
      // One of each is in the legend.
      expect(lines.split('M')).toHaveLength(1 + taped + 1)
      expect(count(/<circle /g)).toBe(reads + 1)
    },
  )

  test('marks shrink with their number, and the legend names those that are drawn', () => {
    const marksOf = (steps: number) => {
      const recording = record(hRevolve({ steps, snapshotsInRam: 3, snapshotsOnDisk: 5 }))
      const svg = toSvg(recording, { title: 'x', width: 1000 })
      const sizes = [...svg.matchAll(/<circle [^>]*r="([\d.]+)"/g)].map(([, r]) => Number(r))
      return { sizes, isNamed: svg.includes('>read<') }
    }
    const few = marksOf(20)
    expect(new Set(few.sizes)).toEqual(new Set([3.5]))
    // Some hundred reads from memory are small; the few from disk stay as they are.
    const many = marksOf(200)
    expect(Math.min(...many.sizes)).toBeLessThan(3)
    expect(Math.max(...many.sizes)).toBe(3.5)
    expect([few.isNamed, many.isNamed]).toEqual([true, true])
    const { sizes } = marksOf(5000)
    expect(sizes.every((size) => size >= 1.4)).toBe(true)
  })

  test('pictures with a common extent have a common scale', () => {
    const recordings = [2, 20].map((snapshotsInRam) => record(multistage({ steps: 60, snapshotsInRam })))
    const extent = extentOf(...recordings)
    expect(extent).toEqual({
      actions: Math.max(...recordings.map(({ length }) => length)),
      time: Math.max(...recordings.map(({ times }) => times.at(-1)!)),
    })
    const [slow, fast] = recordings.map((it) => toSketch(it, { title: 'x', extent, width: 308 }))
    const end = (svg: string) => Math.max(...[...svg.matchAll(/[ML]([\d.]+) /g)].map(([, x]) => Number(x)))
    expect(end(slow!)).toBeCloseTo(304, 0)
    expect(end(fast!)).toBeCloseTo(4 + (300 * recordings[1]!.times.at(-1)!) / extent.time, 0)
  })

  test('for a page, colours are its variables, each with a value for light and dark', () => {
    const recording = record(hRevolve({ steps: 30, snapshotsInRam: 2, snapshotsOnDisk: 3 }))
    const svg = toSvg(recording, { title: 'x', theme: 'page' })
    const used = new Set([...svg.matchAll(/var\((--[\w-]+), #\w{6}\)/g)].map(([, name]) => name!))
    expect(used.size).toBeGreaterThan(5)
    expect(svg.replaceAll(/var\([^)]*\)/g, '')).not.toContain('#')
    for (const ground of ['light', 'dark'] as const)
      for (const name of used) expect(colourVariables(ground)).toContain(`${name}: #`)
  })

  test('marks what is discarded, and says so in the legend', () => {
    const actions = [
      store(0, 1, 'RAM'),
      store(1, 2, 'RAM'),
      discard(1, 'RAM'),
      store(2, 3, 'RAM'),
      endForward(),
    ]
    const recording = record(actions)
    expect(momentAt(recording, 2).held).toEqual({ RAM: [[0, 1]] })
    expect(momentAt(recording, 2).n).toBe(2)
    expect(actionAt(recording, 2)).toEqual(discard(1, 'RAM'))
    expect(whyAt(recording, 2)).toBe(
      'The checkpoint of step 1 in RAM is deleted without being read, and its slot is free.',
    )
    const crosses = (svg: string) =>
      [...svg.matchAll(/d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)M\1 \4L\3 \2"/g)].length
    expect(crosses(toSvg(recording, { title: 'x' }))).toBe(2) // itself and the legend
    const without = toSvg(record(multistage({ steps: 10, snapshotsInRam: 3 })), { title: 'x' })
    expect([crosses(without), without.includes('discarded')]).toEqual([0, false])
  })

  test('text from anywhere stays text, in SVG and in a page', () => {
    const recording = record(multistage({ steps: 3, snapshotsInRam: 1 }))
    const title = '</script><script>alert(1)</script>&"\u0007'
    expect(toSvg(recording, { title })).not.toContain('<script')
    const page = viewerPage(recording, { title, script: 'startPage(document)' })
    expect([...page.matchAll(/<script/g)]).toHaveLength(2)
  })
})
