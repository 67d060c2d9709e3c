// What is typed after `pnpm bench`.
import { parseArgs } from 'node:util'
import { readRecord } from './record.mjs'

const usage = 'pnpm bench [PART…] [--quick] [--json FILE] [--against FILE]'

/** The parts to run and what to do with the figures; ends the process with a sentence where something is wrong, before any work. */
export function commandLine(args, parts) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { quick: { type: 'boolean' }, json: { type: 'string' }, against: { type: 'string' } },
    })
    const unknown = positionals.filter((name) => !parts.includes(name))
    if (unknown.length > 0)
      throw new Error(`There is no part ${unknown.join(', ')}; there are ${parts.join(', ')}.`)
    return {
      names: positionals.length > 0 ? positionals : parts,
      quick: values.quick ?? false,
      json: values.json,
      // Read now: a run may overwrite it.
      against: values.against && { file: values.against, before: readRecord(values.against) },
    }
  } catch (error) {
    console.error(`${error.message}\n${usage}`)
    process.exit(2)
  }
}
