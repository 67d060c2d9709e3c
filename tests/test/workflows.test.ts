/** The workflows: each action is pinned to a commit, and code of ours or of our dependencies never runs with a permission to write. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const directory = new URL('../../.github/workflows/', import.meta.url)
const workflows = readdirSync(fileURLToPath(directory)).map((name) => ({
  name,
  text: readFileSync(new URL(name, directory), 'utf8'),
}))

/** The jobs of a workflow, as text. */
function jobsOf(text: string): { job: string; text: string }[] {
  const jobs = text.slice(text.indexOf('\njobs:\n') + '\njobs:\n'.length)
  return jobs.split(/^(?= {2}[\w-]+:$)/m).map((part) => ({ job: part.trim().split(':')[0]!, text: part }))
}

const mayWrite = (text: string) => /^\s+[\w-]+: write\b/m.test(text)
/** What runs code that is in the repository or was installed. */
const runsCode = /\b(?:npm (?:ci|install|test|run|exec|start)|npx|pnpm|yarn|turbo|node)\b|setup-node/

describe.each(workflows)('$name', ({ text }) => {
  it('pins each action to a commit, with its version beside it', () => {
    const actions = text.match(/uses:.*/g)!
    expect(actions.length).toBeGreaterThan(0)
    for (const action of actions)
      expect(action).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('gives no permission to write to all of its jobs', () => {
    expect(text).toMatch(/^permissions:/m)
    expect(mayWrite(text.slice(0, text.indexOf('\njobs:\n')))).toBe(false)
  })

  it.each(jobsOf(text))('runs no code of ours where $job may write', ({ text: job }) => {
    const commands = job.replaceAll(/^\s*#.*$/gm, '')
    if (mayWrite(job)) expect(commands).not.toMatch(runsCode)
    else expect(commands).not.toMatch(/secrets\.|github\.token/)
  })
})

it('the release workflow has jobs of both kinds', () => {
  const { text } = workflows.find(({ name }) => name === 'release.yml')!
  const jobs = jobsOf(text)
  expect(jobs.filter((it) => mayWrite(it.text)).map(({ job }) => job)).toEqual(['version', 'publish'])
  expect(jobs.filter((it) => runsCode.test(it.text)).map(({ job }) => job)).toEqual(['test', 'prepare'])
})
