// One variant in a process of its own, so that no other one's types, compiled code or garbage are in its way. Sends the sample.
import { parts } from '../parts.mjs'

const [part, index, variant, context] = process.argv.slice(2)
const { bench } = await parts[part]()
const { prepare, variants } = bench.experiments[Number(index)]
const run = variant === 'prepare' ? prepare : variants[variant]
const sample = await run(JSON.parse(context))
process.send(sample, () => process.disconnect())
