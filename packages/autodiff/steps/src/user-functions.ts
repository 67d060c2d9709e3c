/**
 * The user's functions at arm's length. What they return is copied, as a function may return the same memory each time; and in its first
 * calls a function is checked to leave its arguments alone, as they are read again.
 */
import { after, isTypedArray } from '@checkpoint-schedules/model'
import { invalid } from './linearized-model.js'
import { isRecord } from './trees.js'

/** A mistake of this kind shows at once, so the first calls are enough, and later ones cost nothing. */
const COMPARED_CALLS = 8

/**
 * The same function, sync or async, whose first calls throw if it changed an argument.
 *
 * @param call - Begins the messages.
 * @param names - Of the arguments, for messages; `undefined` for those that are not looked at.
 */
export function leavingArguments<Args extends readonly unknown[], Result>(
  call: string,
  name: string,
  f: (...args: Args) => Result,
  names: readonly (string | undefined)[],
): (...args: Args) => Result {
  let left = COMPARED_CALLS
  return (...args) => {
    if (left === 0) return f(...args)
    left -= 1
    const before = names.map((it, i) => (it === undefined ? undefined : copyOf(args[i])))
    const unchanged = (result: unknown) => {
      for (const [i, it] of names.entries()) {
        const place = it === undefined ? undefined : changedIn(before[i], args[i], it)
        if (place !== undefined)
          throw invalid(
            call,
            `${name} changed its argument ${place}, which is used again. It must leave its arguments as they are and return new values.`,
            { argument: it },
          )
      }
      return result
    }
    return after(f(...args), unchanged) as Result
  }
}

/** The same numbers in memory of their own. What is no tree of numbers stays what it is. */
export function copyOf<T>(tree: T): T {
  if (isTypedArray(tree)) return tree.slice() as T
  if (Array.isArray(tree)) return tree.map((it) => (typeof it === 'number' ? it : copyOf(it))) as T
  if (!isRecord(tree)) return tree
  return Object.fromEntries(Object.entries(tree).map(([key, it]) => [key, copyOf(it)])) as T
}

/** The first place where a tree is no longer what it was. */
function changedIn(before: unknown, now: unknown, path: string): string | undefined {
  if (isTypedArray(before) || Array.isArray(before)) {
    const list = now as ArrayLike<unknown>
    for (let i = 0; i < before.length; i++) {
      const place = changedIn(before[i], list[i], `${path}[${i}]`)
      if (place !== undefined) return place
    }
    return list.length === before.length ? undefined : path
  }
  if (!isRecord(before) || !isRecord(now)) return Object.is(before, now) ? undefined : path
  for (const key of Object.keys({ ...before, ...now })) {
    const place = changedIn(before[key], now[key], `${path}.${key}`)
    if (place !== undefined) return place
  }
  return undefined
}
