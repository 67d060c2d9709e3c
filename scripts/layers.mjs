// The rules of the house: the folder of a package, `packages/<layer>/<package>`, is its layer, and the layer is the rule. A folder that
// is not listed here is an error. `pnpm layers` holds every package to its row.

/**
 * For each layer:
 * - imports: the layers whose packages it may import, besides its own
 * - siblings: which packages of its own layer it may import (absent: any, as long as there is no cycle)
 * - node: whether sources may use `node:` modules; all others must work in browsers
 * - thirdParties: whether sources may depend on packages of others
 */
export const layers = {
  contract: { imports: [], node: false, thirdParties: false },
  schedules: { imports: ['contract'], siblings: ['binomial'], node: false, thirdParties: false },
  analysis: { imports: ['contract'], node: false, thirdParties: false },
  runtime: { imports: ['contract', 'analysis'], node: false, thirdParties: false },
  storage: { imports: ['contract'], node: true, thirdParties: true },
  autodiff: { imports: ['contract', 'analysis', 'runtime'], node: false, thirdParties: true },
  examples: { imports: ['contract', 'runtime'], node: false, thirdParties: true },
  testing: { imports: ['contract', 'analysis', 'runtime'], node: false, thirdParties: true },
}
