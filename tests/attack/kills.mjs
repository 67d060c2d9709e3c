// Real processes, killed at random moments: bit for bit what the whole run gives, and nothing left.
import { killRuns } from '../kill/kills.mjs'

export async function kills({ seed, cases, until = Infinity }) {
  const sum = { cases: 0, right: 0, errors: 0, failures: [] }
  for (let round = 0; sum.cases < cases && performance.now() < until; round++) {
    // By rounds, so that a time limit is heeded.
    const many = Number.isFinite(until) ? 12 : cases
    const { counts, wrong } = await killRuns({ kills: many, seed: seed + round })
    sum.cases += counts.kills
    sum.right += counts.kills - wrong.length
    for (const it of wrong)
      sum.failures.push(`node tests/kill/kills.mjs ${many} ${seed + round}: ${JSON.stringify(it)}`)
  }
  return sum
}
