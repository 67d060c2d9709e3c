/** What axe finds wrong with a page's accessibility, one sentence for each rule. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
  }[]
}

/**
 * @param except - What is left out, as CSS selectors.
 * @param colours - Whether colours are judged, which takes longest.
 */
export async function barriersOf(
  page: Page,
  { except = [], colours = true }: { except?: readonly string[]; colours?: boolean } = {},
): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run({ exclude: ${JSON.stringify(except.map((selector) => [selector]))} }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'], preload: false, rules: { 'color-contrast': { enabled: ${colours} }, 'link-in-text-block': { enabled: ${colours} } } })`,
  )
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html} ${nodes[0]!.failureSummary}`)
}
