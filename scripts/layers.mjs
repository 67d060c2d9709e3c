// The rules of the house: the folder of a package, `packages/<layer>/<package>`, is its layer, and the layer is the rule. A folder that
// is not listed here is an error. `pnpm layers` holds every package to its row.

/**
 * For each layer:
 * - imports: the layers whose packages it may import, besides its own
 * - siblings: which packages of its own layer it may import (absent: any, as long as there is no cycle)
 * - node: the packages whose sources may use `node:` modules; all others must work in browsers
 * - thirdParties: the packages whose sources may depend on packages of others (`true`: all)
 */
export const layers = {
  contract: { imports: [], node: [], thirdParties: [] },
  schedules: { imports: ['contract'], siblings: ['binomial'], node: [], thirdParties: [] },
  analysis: { imports: ['contract'], node: [], thirdParties: [] },
  runtime: {
    imports: ['contract', 'analysis'],
    node: ['jobs', 'terminal-progress'],
    thirdParties: ['jobs', 'terminal-progress'],
  },
  storage: { imports: ['contract'], node: ['fs'], thirdParties: true },
  autodiff: { imports: ['contract', 'analysis', 'runtime'], node: [], thirdParties: true },
  examples: { imports: ['contract', 'runtime'], node: [], thirdParties: true },
  testing: { imports: ['contract', 'analysis', 'runtime'], node: [], thirdParties: true },
}
