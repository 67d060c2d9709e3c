/** Refuses options that do not exist: a mistyped one would silently have its default. */
import { didYouMean, optionError, show } from '@checkpoint-schedules/core'

/** @throws `INVALID_OPTION` */
export function checkNames(call: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw optionError(call, `pass options, { ${known.join(', ')} }; got ${show(options)}.`)
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue
    throw optionError(
      call,
      `there is no option ${show(name)}.${didYouMean(name, known)} It takes ${known.join(', ')}.`,
      { option: name },
    )
  }
}
