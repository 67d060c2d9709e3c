// An experiment: its variants, each in a process of its own, in turn, several rounds. What slows the machine for a while slows
// all variants of that round, and a goal compares variants within a round.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const child = fileURLToPath(new URL('child.mjs', import.meta.url))

/** The samples of each round: a record of what each variant measured. */
export async function conduct(part, index, { prepare, variants, rounds = 5 }, { quick }) {
  const measure = (variant, context) => inChild([part, String(index), variant, JSON.stringify(context)])
  const prepared = prepare && (await measure('prepare', { quick }))
  const seen = []
  for (let round = 0; round < (quick ? Math.ceil(rounds / 3) : rounds); round++) {
    const samples = {}
    // Every other round backwards: none is always the one after a busy or an idle process.
    const names = round % 2 === 0 ? Object.keys(variants) : Object.keys(variants).toReversed()
    for (const name of names) samples[name] = await measure(name, { quick, prepared })
    seen.push(samples)
  }
  return seen
}

function inChild(args) {
  return new Promise((resolve, reject) => {
    let sample
    const forked = fork(child, args)
    forked.on('message', (message) => (sample = message))
    forked.on('error', reject)
    forked.on('exit', (code, signal) => {
      if (code === 0 && sample !== undefined) resolve(sample)
      else reject(new Error(`The variant ${args[2]} of ${args[0]} ended with ${signal ?? `status ${code}`}.`))
    })
  })
}
