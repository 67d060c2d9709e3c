/** Making the few elements of the viewer. */

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** An element with attributes (`undefined` and `false` are left out) and children. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : String(value))
  }
  made.append(...children)
  return made
}

/** A button that says in words what it does. */
export function button(sign: string, label: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', 'aria-label': label, title: label }, sign)
  made.addEventListener('click', onClick)
  return made
}
