import type { Layer } from '../../api/types.ts';
import { schedulesText as say } from '../../lib/text.schedules.ts';
import { sayWall } from './calendar-words.ts';
import { sayHours } from './hours.ts';
import { useNameOf } from './schedules.ts';

/** Rotations in words. */
export function LayersWords({ layers }: { layers: Layer[] }) {
  return (
    <ol className="layers">
      {layers.map((layer, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: layers have no other name of their own
        <li key={n}>
          <strong>{say.layer(n + 1, layer.name)}</strong>
          <Turns layer={layer} />
        </li>
      ))}
    </ol>
  );
}

function Turns({ layer }: { layer: Layer }) {
  const nameOf = useNameOf();
  const { people, unit, length, start, end, restrictions } = layer;
  const names = people.map(nameOf).join(', ');
  const words = [
    people.length === 0
      ? say.layers.none
      : people.length === 1
        ? say.layers.alone(names, sayWall(start))
        : say.layers.turns(names, say.layers.units(length, unit), sayWall(start)),
    end && say.layers.until(sayWall(end)),
    restrictions.length > 0 && say.layers.during(restrictions.map(sayHours).join('; ')),
  ];
  return <span>{words.filter(Boolean).join(', ')}</span>;
}
