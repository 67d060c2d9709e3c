/** What the commands must give, computed without them. */
import { createHash } from 'node:crypto'
import { singleMemory } from '@checkpoint-schedules/basic'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { wave2d } from '@checkpoint-schedules/models'

export interface PlainSum {
  readonly value: number
  readonly gradientSha256: string
}

/** The sum over the shots of a survey, by a plain loop in this process, with every tape in memory. */
export async function plainSum(
  options: NonNullable<Parameters<typeof wave2d>[0]> & { readonly shots: number },
  control?: Float64Array,
): Promise<PlainSum> {
  let value = 0
  let sum: Float64Array | undefined
  for (let first = 0; first < options.shots; first++) {
    const shot = wave2d(options, control, { first, count: 1 })
    const { finalState, adjoints } = await runAdjoint({ schedule: singleMemory(), ...shot })
    value += await shot.objective(finalState)
    const part = await shot.gradient(adjoints[0]!)
    sum ??= new Float64Array(part.length)
    for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!
  }
  const gradientSha256 = createHash('sha256').update(new Uint8Array(sum!.buffer)).digest('hex')
  return { value, gradientSha256 }
}
