/** Random trees of plain data: what states and tapes are made of. */
import type { Tree } from '@checkpoint-schedules/model'
import fc from 'fast-check'

/** Any tree that the default codec holds. Names such as `__proto__` are not among them: the codec refuses them. */
export const trees: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.double(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.float64Array({ maxLength: 40 }),
    fc.float32Array({ maxLength: 9 }),
    fc.uint8Array({ maxLength: 9 }),
    fc.int32Array({ maxLength: 9 }),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{0,4}$/), tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).tree
