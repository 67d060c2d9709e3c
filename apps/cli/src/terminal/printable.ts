/**
 * Untrusted text (file names, journals, errors, models), made harmless for a terminal: control characters and bidirectional controls
 * are escaped, such as `\u001b`. In JSON that denotes the same text.
 *
 * ```
 * foreign   ESC [ 2 J      -> \u001b[2J
 * our own   MARK [ 1 m     -> ESC [ 1 m      only `marked` writes the mark, which foreign text cannot know
 * ```
 */
import { randomBytes } from 'node:crypto'

/** Represents the escape character in our own text until it is written. */
const MARK = `\uFDD0${randomBytes(4).toString('hex')}`

// Line ends and tabs are layout; some terminals treat a line separator as a line end.
const unprintable = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/** The text, safe to write, with our own colours. */
export function printable(text: string): string {
  const harmless = text.replace(unprintable, writtenOut)
  return harmless.includes(MARK) ? harmless.replaceAll(MARK, '\u001b') : harmless
}

/** The text with its line ends escaped, so that a name that contains one cannot pose as a line of ours. */
export function inOneLine(text: string): string {
  return text.includes('\n') ? text.replaceAll('\n', '\\n') : text
}

/** Like `paint`, with the mark in place of the escape character. */
export function marked(paint: (text: string) => string): (text: string) => string {
  const [start = '', end = ''] = paint('|').replaceAll('\u001b', MARK).split('|')
  return (text) => start + text + end
}

function writtenOut(character: string): string {
  return character === '\r' ? '\\r' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
