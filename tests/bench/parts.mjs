// The parts of the bench, in the order in which they run. Each exports `bench`: a title, and experiments
// `{ variants, goals, rounds, prepare }`. A variant is a function that measures something and returns a record of numbers; each is run
// in a process of its own (harness/conduct.mjs). A goal is data: what is compared, how, and what is asked (harness/judge.mjs).
// `prepare`, if any, runs once before; its result is handed to every variant as `prepared`.
export const parts = {
  iteration: () => import('./parts/iteration.mjs'),
  memory: () => import('./parts/memory.mjs'),
  planning: () => import('./parts/planning.mjs'),
  simulator: () => import('./parts/simulator.mjs'),
  driver: () => import('./parts/driver.mjs'),
  overlap: () => import('./parts/overlap.mjs'),
  prediction: () => import('./parts/prediction.mjs'),
  storage: () => import('./parts/storage.mjs'),
  browser: () => import('./parts/browser.mjs'),
  codecs: () => import('./parts/codecs.mjs'),
  replay: () => import('./parts/replay.mjs'),
  journal: () => import('./parts/journal.mjs'),
  models: () => import('./parts/models.mjs'),
  autodiff: () => import('./parts/autodiff.mjs'),
  help: () => import('./parts/help.mjs'),
}
