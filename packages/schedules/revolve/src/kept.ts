/** Plans are dear and options are values: one plan for each options object, kept as long as the options live. */

/** `make`, called once for each options object. A schedule's limits and its runs thus share one plan. */
export function kept<Options extends object, Plan>(
  make: (options: Options) => Plan,
): (options: Options) => Plan {
  const plans = new WeakMap<Options, Plan>()
  return (options) => {
    let plan = plans.get(options)
    if (plan === undefined) {
      plan = make(options)
      plans.set(options, plan)
    }
    return plan
  }
}
