// `pnpm bench [PART…] [--quick] [--json FILE] [--against FILE]`: each goal, the figure, and whether it is met. Ends with status 1 if
// a goal was missed, with 2 if something could not be measured.
import { cpus } from 'node:os'
import { isBusy, waitingShare } from './harness/busy.mjs'
import { commandLine } from './harness/command-line.mjs'
import { compare } from './harness/compare.mjs'
import { conduct } from './harness/conduct.mjs'
import { judge } from './harness/judge.mjs'
import { busyLine, comparisonLines, figureLines, summaryLine } from './harness/print.mjs'
import { writeRecord } from './harness/record.mjs'
import { median } from './harness/timing.mjs'
import { parts } from './parts.mjs'

const { names, quick, json, against } = commandLine(process.argv.slice(2), Object.keys(parts))
const machine = { node: process.version, processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}` }
const print = (...lines) => console.log(lines.join('\n'))
print(describe({ ...machine, quick }))

const waits = []
const figures = []
const samples = {}
for (const name of names) {
  try {
    const { bench } = await parts[name]()
    samples[name] = await measure(name, bench)
    const judged = bench.experiments.flatMap(({ goals }, index) =>
      goals.map((goal) => judge(name, goal, samples[name][index])),
    )
    figures.push(...judged)
    print(...figureLines(`${name}: ${bench.title}`, judged))
  } catch (error) {
    console.error(`\n${name} could not be measured: ${error.message}`)
    process.exitCode = 2
  }
}

const waiting = median(waits)
print('', summaryLine(figures), ...(isBusy(waiting) ? [busyLine(waiting)] : []))
if (json !== undefined) writeRecord(json, { ...machine, quick, waiting, figures, samples })
if (against !== undefined) {
  const { file, before } = against
  print(...comparisonLines(`${file} (${describe(before)})`, compare(before.figures, figures)))
}
if (figures.some(({ verdict }) => verdict === 'missed')) process.exitCode ??= 1

/** The samples of every experiment of a part. */
async function measure(name, { experiments }) {
  const seen = []
  for (const [index, experiment] of experiments.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${index + 1} of ${experiments.length} `)
    waits.push(waitingShare())
    seen.push(await conduct(name, index, experiment, { quick }))
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')
  return seen
}

function describe({ node, processor, quick, waiting = 0 }) {
  const remarks = [quick && 'quick: fewer rounds', isBusy(waiting) && 'busy']
  return [`Node ${node}`, processor, ...remarks.filter(Boolean)].join(', ')
}
