import { type PointerEvent, useRef, useState } from 'react';
import { instantAt } from './calendar.ts';

/** What was dragged over, in milliseconds. */
export interface Range {
  start: number;
  end: number;
}

/** How far a pointer goes before it drags, in pixels: less is a click. */
const threshold = 8;

/**
 * Lets a mouse or a pen choose a range of a calendar, whose weeks are the children of its area, by dragging over it, also
 * from week to week. Fingers scroll.
 */
export function useDrag(edges: number[][], onRange: ((range: Range) => void) | undefined) {
  const area = useRef<HTMLDivElement>(null);
  const from = useRef<{ x: number; y: number; instant: number } | undefined>(undefined);
  const [range, setRange] = useState<Range>();

  const instantOf = ({ clientX, clientY }: PointerEvent): number => {
    const weeks = [...(area.current?.children ?? [])].map((week) => week.getBoundingClientRect());
    const below = weeks.findIndex(({ bottom }) => clientY < bottom);
    const n = below < 0 ? weeks.length - 1 : below;
    const box = weeks[n];
    return instantAt(edges[n] ?? [], box ? ((clientX - box.left) / box.width) * 7 : 0);
  };
  const stop = () => {
    from.current = undefined;
    setRange(undefined);
  };
  return {
    area,
    range,
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        if (!onRange || event.button !== 0 || event.pointerType === 'touch') return;
        from.current = { x: event.clientX, y: event.clientY, instant: instantOf(event) };
      },
      onPointerMove: (event: PointerEvent) => {
        const { current } = from;
        if (!current) return;
        if (!range && Math.hypot(event.clientX - current.x, event.clientY - current.y) < threshold) return;
        // From now on it is no click on a bar.
        area.current?.setPointerCapture(event.pointerId);
        const instant = instantOf(event);
        setRange({ start: Math.min(current.instant, instant), end: Math.max(current.instant, instant) });
      },
      onPointerUp: () => {
        const chosen = range;
        stop();
        if (chosen && chosen.start < chosen.end) onRange?.(chosen);
      },
      onPointerCancel: stop,
    },
  };
}
