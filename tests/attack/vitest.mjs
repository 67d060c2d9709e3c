// Campaigns that are tests with more cases: what they count they leave in a file (test/support/tally.ts).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const tests = fileURLToPath(new URL('..', import.meta.url))
const program = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))

/** Runs one file of tests. Each test that fails is a failure. */
async function attackBy(file, env) {
  const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
  const [tally, report] = [join(folder, 'tally.json'), join(folder, 'report.json')]
  const args = ['run', '--config', '../vitest.config.ts', '--reporter=json', `--outputFile=${report}`, file]
  try {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: tests,
      env: { ...process.env, ...env, ATTACK_TALLY: tally },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (text) => (said += text))
    const [code] = await once(child, 'close')
    const counts = existsSync(tally)
      ? JSON.parse(readFileSync(tally, 'utf8'))
      : { cases: 0, right: 0, errors: 0 }
    const failures = existsSync(report) ? failed(JSON.parse(readFileSync(report, 'utf8'))) : []
    if (code !== 0 && failures.length === 0) failures.push(`${file} ended with ${code}: ${said}`)
    if (counts.cases === 0) failures.push(`${file} counted nothing`)
    return { ...counts, failures }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function failed({ testResults }) {
  return testResults.flatMap(({ message, assertionResults }) => [
    ...(assertionResults.length === 0 ? [message] : []),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join('\n')}`),
  ])
}

/** Random schedules against the laws. */
export const laws = ({ seed, cases }) =>
  attackBy('test/laws.test.ts', { CASES: String(cases), SEED: String(seed) })
/** Models, codecs, stores and callers that share memory, under every schedule and store: all there are, whatever the number of cases. */
export const aliasing = () => attackBy('test/ownership.test.ts', {})
/** Aborts at every event of runs with transfers under way: all there are. */
export const aborts = () => attackBy('test/abort.test.ts', { EVERY_ABORT: '1' })
