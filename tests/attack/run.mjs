// `pnpm attack [CAMPAIGN …] [--seed N] [--cases N | --seconds N]`: each campaign's counts on one line; exit code 1 after any failure.
import { parseArgs } from 'node:util'
import { fuzzed } from './arguments.mjs'
import { cli } from './cli.mjs'
import { journals } from './journals.mjs'
import { kills } from './kills.mjs'
import { aborts, aliasing, laws } from './vitest.mjs'

/** With the number of cases of a small run. Those without one always try all that there is. */
const campaigns = {
  journals: { attack: journals, cases: 40 },
  kills: { attack: kills, cases: 12 },
  arguments: { attack: fuzzed, cases: 10_000 },
  cli: { attack: cli, cases: 15 },
  laws: { attack: laws, cases: 10_000, perSecond: 5000 },
  aliasing: { attack: aliasing },
  aborts: { attack: aborts },
}

const { positionals, seed, cases, seconds } = read(process.argv.slice(2))
let failed = false
for (const name of positionals.length > 0 ? positionals : Object.keys(campaigns)) {
  const { attack, cases: few = Infinity, perSecond } = campaigns[name]
  const began = performance.now()
  // A file of tests is told how much to do, not when to stop.
  const many =
    cases ?? (seconds === undefined ? few : perSecond === undefined ? Infinity : perSecond * seconds)
  const until = seconds === undefined ? Infinity : began + 1000 * seconds
  const counts = await attack({ seed, cases: many, until })
  const took = ((performance.now() - began) / 1000).toFixed(0)
  console.log(
    `${name.padEnd(9)} ${counts.cases} cases: ${counts.right} right, ${counts.errors} clear errors, ${counts.failures.length} failures (${took} s)`,
  )
  for (const failure of counts.failures.slice(0, 20)) console.log(`  ${failure.replaceAll('\n', '\n    ')}`)
  if (counts.failures.length === 0) continue
  failed = true
  console.log(`  again: pnpm attack ${name} --seed ${seed} --cases ${counts.cases}`)
}
process.exitCode = failed ? 1 : 0

function read(args) {
  try {
    const string = { type: 'string' }
    const options = { seed: string, cases: string, seconds: string }
    const { values, positionals } = parseArgs({
      args: args.filter((it) => it !== '--'),
      options,
      allowPositionals: true,
    })
    const unknown = positionals.find((name) => !Object.hasOwn(campaigns, name))
    if (unknown !== undefined)
      throw new Error(`no campaign "${unknown}"; there are ${Object.keys(campaigns).join(', ')}`)
    if (values.cases !== undefined && values.seconds !== undefined)
      throw new Error('--cases or --seconds, not both')
    const [seed = Date.now() % 2 ** 31, cases, seconds] = ['seed', 'cases', 'seconds'].map((name) => {
      if (values[name] === undefined) return undefined
      const number = Number(values[name])
      if (values[name] !== '' && Number.isSafeInteger(number) && number >= (name === 'seed' ? 0 : 1))
        return number
      throw new Error(`--${name} must be a whole number; got "${String(values[name])}"`)
    })
    console.log(`seed ${seed}`)
    return { positionals, seed, cases, seconds }
  } catch (error) {
    console.error(`attack: ${error.message}`)
    console.error('usage: pnpm attack [CAMPAIGN …] [--seed N] [--cases N | --seconds N]')
    process.exit(2)
  }
}
