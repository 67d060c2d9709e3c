/**
 * Text that may come from anywhere (file names, journals, errors, models), made harmless for a terminal: control characters and those
 * that turn the direction of writing are written out, such as `\u001b`. In JSON that is the same text.
 *
 * ```
 * foreign   ESC [ 2 J      -> \u001b[2J
 * our own   MARK [ 1 m     -> ESC [ 1 m      only `marked` writes the mark, which nobody else can know
 * ```
 */
import { randomBytes } from 'node:crypto'

/** Stands for the escape character in our own text until it is written. */
const MARK = `\uFDD0${randomBytes(4).toString('hex')}`

// Line ends and tabs are layout; a line separator is a line end to some terminals.
const unprintable = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/** What is safe to write, colours of ours included. */
export function printable(text: string): string {
  const harmless = text.replace(unprintable, writtenOut)
  return harmless.includes(MARK) ? harmless.replaceAll(MARK, '\u001b') : harmless
}

/** The text with its line ends written out: a name with one cannot pretend to be a line of ours. */
export function inOneLine(text: string): string {
  return text.includes('\n') ? text.replaceAll('\n', '\\n') : text
}

/** Paints text as `paint` does, by the mark. */
export function marked(paint: (text: string) => string): (text: string) => string {
  const [start = '', end = ''] = paint('|').replaceAll('\u001b', MARK).split('|')
  return (text) => start + text + end
}

function writtenOut(character: string): string {
  return character === '\r' ? '\\r' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
