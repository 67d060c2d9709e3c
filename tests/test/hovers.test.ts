/** What an editor shows over a factory is what its caller must know: one plain object of options, and no helper type. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { hovers } from './support/hovers.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

const factories = {
  basic: ['none', 'singleDisk', 'singleMemory'],
  multistage: ['multistage', 'twoLevel'],
  mixed: ['mixed'],
  revolve: ['revolve', 'diskRevolve', 'periodicDiskRevolve', 'hRevolve'],
  models: ['burgers1d'],
}

test('the options of every factory are shown as one plain object', async () => {
  const calls = Object.entries(factories).flatMap(([folder, names]) =>
    names.map((name) => ({
      name,
      code: `import { ${name} } from '@checkpoint-schedules/${folder}'\n${name}({} as never)`,
    })),
  )
  const texts = await hovers(
    root,
    calls.map(({ code }) => code),
  )
  const shown = new Map(calls.map(({ name }, i) => [name, texts[i]]))
  for (const [name, text] of shown) {
    expect(text, name).toMatch(new RegExp(`const ${name}: `))
    expect(text, name).not.toMatch(/Flat<|OptionInput|OptionDescriptor|MayBe|MayStay|\} & \{/)
  }
  expect(shown.get('multistage')).toContain(
    `(options: {
    readonly steps: number;
    readonly snapshotsInRam?: number | undefined;
    readonly snapshotsOnDisk?: number | undefined;
    readonly trajectory?: "maximum" | "revolve" | undefined;
}) => `,
  )
  expect(shown.get('hRevolve')).toContain(
    `    readonly levels?: readonly {
        readonly storage: CheckpointStorage;
        readonly slots: number;
        readonly writeCost?: number | undefined;
        readonly readCost?: number | undefined;
    }[] | undefined;`,
  )
})
