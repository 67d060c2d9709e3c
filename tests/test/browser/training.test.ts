/** The page that trains a neural differential equation, used as a reader does: what it shows is what Node computes. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runTraining, type TrainingReport } from '../../../apps/docs/src/neural-ode/training-run.js'
import { tf } from '../support/autodiff.js'
import { describeInBrowser } from '../support/browser.js'
import { serve, type StaticServer } from '../support/static-server.js'

const dist = fileURLToPath(new URL('../../../apps/docs/.vitepress/dist/', import.meta.url))

describeInBrowser('the training of a neural differential equation', (open) => {
  let server: StaticServer
  beforeAll(async () => (server = await serve(dist)))
  afterAll(() => server.close())

  test('the losses are those of Node; what cannot work is said', async () => {
    const { page, complaints } = await open({ origin: server.origin })
    const workers: string[] = []
    page.on('worker', (worker) => workers.push(worker.url()))
    await page.goto(`${server.origin}/autodiff/train-a-neural-ode.html`)
    const training = page.locator('.training')
    const train = async (steps: string, budget: string) => {
      await training.getByLabel('steps').fill(steps)
      await training.getByLabel('memory').fill(budget)
      await training.getByRole('button', { name: 'Train' }).click()
    }
    const shows = (what: string, hasText: RegExp) =>
      training.locator(what, { hasText }).waitFor({ timeout: 300_000 })
    await train('many', '64')
    await shows('.problem', /steps must be an integer/)
    expect(workers).toEqual([]) // TensorFlow.js is loaded by who trains
    await train('50', '0.1')
    await shows('.problem', /budget/)

    await train('50', '4')
    await shows('[role=status]', /The goal is reached/)
    const status = await training.getByRole('status').textContent()
    expect(await training.locator('tbody td').allTextContents()).toEqual([
      expect.stringMatching(/ kB$/),
      expect.stringMatching(/ kB$/),
      expect.stringMatching(/ s$/),
      expect.stringMatching(/ s$/),
    ])
    await tf.setBackend('cpu')
    let last: TrainingReport | undefined
    await runTraining(tf, { steps: 50, budget: 4000 }, (it) => (last = it))
    const { iteration, loss } = last as Extract<TrainingReport, { type: 'iteration' }>
    expect(iteration).toBeGreaterThan(0)
    expect(status).toContain(`Iteration ${iteration}: loss ${loss.toExponential(2)} after`)

    await train('3000', '64')
    await training.getByRole('button', { name: 'Stop' }).click()
    await shows('.problem', /Stopped/)
    expect(complaints).toEqual([])
  })
})
