// `pnpm bench`: ratios, each measured within this one run. Names on the command line choose sections.
import { cpus } from 'node:os'

const sections = [
  'actions',
  'tables',
  'simulator',
  'driver',
  'overlap',
  'storage',
  'codecs',
  'replay',
  'journal',
  'models',
  'help',
]
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !sections.includes(name))
if (unknown.length > 0) {
  console.error(`There is no section ${unknown.join(', ')}; there are ${sections.join(', ')}.`)
  process.exit(2)
}
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`)
for (const name of wanted.length > 0 ? wanted : sections) await import(`./${name}.mjs`)
