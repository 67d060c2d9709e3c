/** The viewer's style sheet: colours come from the page around it. */

const style = `
.space-time { font: 14px/1.45 system-ui, sans-serif; }
.space-time .picture { position: relative; touch-action: pan-y; }
.space-time canvas { display: block; width: 100%; }
.space-time canvas + canvas { position: absolute; inset: 0; pointer-events: none; }
.space-time canvas:focus-visible, .space-time button:focus-visible, .space-time select:focus-visible,
.space-time input:focus-visible { outline: 2px solid #0072b2; outline-offset: 2px; }
.space-time .controls { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin: 8px 0; }
.space-time button, .space-time select { font: inherit; color: inherit; background: transparent;
  border: 1px solid #8888; border-radius: 6px; min-width: 36px; min-height: 32px; padding: 2px 10px; cursor: pointer; }
.space-time option { color: #222; background: #fff; }
.space-time button:hover { background: #8882; }
.space-time input[type=range] { flex: 1 1 160px; min-width: 120px; min-height: 32px; }
.space-time .readout { min-height: 6.5em; margin: 0; }
.space-time .readout p { margin: 0 0 2px; }
.space-time .readout code { font: 13px/1.4 ui-monospace, monospace; color: inherit; background: transparent; padding: 0; overflow-wrap: anywhere; }
.space-time .tip { position: absolute; z-index: 2; max-width: min(300px, 90%); padding: 6px 9px; border-radius: 6px;
  font-size: 13px; background: #222; color: #fff; pointer-events: none; }
`

/** Puts the style sheet into the page, once. */
export function addStyle(): void {
  if (document.getElementById('space-time-style') !== null) return
  const sheet = document.createElement('style')
  sheet.id = 'space-time-style'
  sheet.textContent = style
  document.head.append(sheet)
}
