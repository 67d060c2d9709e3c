/** Where a condition that stays true once it is true first holds. */

/**
 * The least integer >= `low` for which `holds`, which must be monotone and hold somewhere. O(log d) evaluations, where d is the distance
 * from `guess`.
 */
export function least(holds: (i: number) => boolean, low: number, guess = low): number {
  let no = low - 1
  let yes = guess
  if (holds(guess)) {
    for (let leap = 1; yes > low; leap *= 2) {
      const i = Math.max(low, yes - leap)
      if (!holds(i)) {
        no = i
        break
      }
      yes = i
    }
  } else {
    for (let leap = 1; ; leap *= 2) {
      no = yes
      yes = no + leap
      if (holds(yes)) break
    }
  }
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2)
    if (holds(middle)) yes = middle
    else no = middle
  }
  return yes
}
