/** Commander's output: help that fits the terminal. Its errors are reported by us. */
import { fitted } from './wrap.js'

export const helpOutput = {
  writeOut: (text: string) => void process.stdout.write(fitted(text)),
  outputError: () => undefined,
}
