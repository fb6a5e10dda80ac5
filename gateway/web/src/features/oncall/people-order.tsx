import { layersText as say } from '../../lib/text.layers.ts';
import { moved } from './escalation.ts';
import { Move } from './move.tsx';
import { useNameOf } from './schedules.ts';

interface Props {
  label: string;
  people: string[];
  /** The number of their layer. */
  layer: number;
  /** Called with their new order, and what is to be said of it. */
  onChange: (people: string[], said: string) => void;
}

/** The order in which people take turns. */
export function PeopleOrder({ label, people, layer, onChange }: Props) {
  const nameOf = useNameOf();
  const last = people.length - 1;
  const move = (at: number, by: 1 | -1) =>
    onChange(moved(people, at, by), say.movedTo(nameOf(people[at] ?? ''), at + by + 1));
  return (
    <ol className="people-order" aria-label={label}>
      {people.map((person, n) => (
        // Somebody may have two turns of a round: only the first of them is told by the id alone.
        <li key={people.indexOf(person) === n ? person : `${person} ${n}`}>
          <span>{nameOf(person)}</span>
          <Move label={say.up(nameOf(person), layer)} sign="↑" end={n === 0} onClick={() => move(n, -1)} />
          <Move label={say.down(nameOf(person), layer)} sign="↓" end={n === last} onClick={() => move(n, 1)} />
        </li>
      ))}
    </ol>
  );
}
