import { figure } from './figures.ts'
import { colours, legend, svg, text } from './svg.ts'
import type { ScalePoint } from './scale-points.ts'

export interface Panel {
  readonly title: string
  readonly points: readonly ScalePoint[]
}

const [panelWidth, panelHeight, top] = [380, 240, 64]
/** Of the lines within their panel. */
const frame = { x: 56, y: 30, width: 290, height: 160 }

interface Scale {
  readonly x: (users: number) => number
  readonly y: (milliseconds: number) => number
  readonly sizes: readonly number[]
  readonly steps: readonly number[]
}

/** A picture for each kind of work, all on the same two logarithmic scales. */
export function lineCharts(panels: readonly Panel[]): string {
  const scale = scaleOf(panels.flatMap(({ points }) => points))
  const parts = panels.map((panel, index) => {
    const [x, y] = [(index % 2) * panelWidth, top + Math.floor(index / 2) * panelHeight]
    return `<g transform="translate(${x} ${y})">${panelOf(panel, scale)}</g>`
  })
  const height = top + Math.ceil(panels.length / 2) * panelHeight
  return svg(2 * panelWidth, height, [text(16, 24, 'Milliseconds by number of users', 'bold'), legend(), ...parts])
}

function panelOf({ title, points }: Panel, scale: Scale): string {
  const lines = (['directly', 'kitter'] as const).map((side) => {
    const own = points.flatMap((point) => {
      const value = point[side]
      return value === undefined ? [] : [[scale.x(point.users).toFixed(1), scale.y(value).toFixed(1)] as const]
    })
    const dots = own.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${colours[side]}"/>`)
    const line = own.map((point) => point.join(',')).join(' ')
    return `<polyline points="${line}" fill="none" stroke="${colours[side]}" stroke-width="2"/>${dots.join('')}`
  })
  return text(frame.x, 18, title) + grid(scale) + lines.join('')
}

function grid({ x, y, sizes, steps }: Scale): string {
  const across = steps.map(
    (step) =>
      `<line x1="${frame.x}" x2="${frame.x + frame.width}" y1="${y(step).toFixed(1)}" y2="${y(step).toFixed(1)}" stroke="#e4e7eb"/>` +
      text(8, y(step) + 4, step < 1 ? String(step) : figure(step).replace(/\.0+$/, '')),
  )
  const below = sizes.map((size) => text(x(size) - 18, frame.y + frame.height + 20, size.toLocaleString('en-US')))
  return [...across, ...below].join('')
}

function scaleOf(points: readonly ScalePoint[]): Scale {
  const values = points.flatMap(({ kitter, directly }) => (directly === undefined ? [kitter] : [kitter, directly]))
  const sizes = [...new Set(points.map(({ users }) => users))]
  const [least, most] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))]
  const [smallest, largest] = [Math.log10(Math.min(...sizes)), Math.log10(Math.max(...sizes))]
  const width = Math.max(1, largest - smallest)
  return {
    x: (users) => frame.x + 14 + ((Math.log10(users) - smallest) / width) * (frame.width - 28),
    y: (value) => frame.y + frame.height - ((Math.log10(value) - least) / Math.max(1, most - least)) * frame.height,
    sizes,
    steps: Array.from({ length: most - least + 1 }, (_, index) => 10 ** (least + index)),
  }
}
