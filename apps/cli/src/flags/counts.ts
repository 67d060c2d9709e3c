/** Counts in a command's own flags; those of schedules and models have descriptors. */
import { checkOptions, integer } from '@checkpoint-schedules/core'
import { parseValue } from './parse-value.js'

/** @param help - What is counted, for the message. @throws `INVALID_OPTION` */
export function parseCount(
  command: string,
  flag: string,
  text: string,
  { min, help }: { readonly min: number; readonly help: string },
): number {
  const descriptor = integer({ min, help })
  return checkOptions(command, { [flag]: descriptor }, { [flag]: parseValue(flag, descriptor, text) })[flag]!
}
