import { useId, useState } from 'react';
import { layersText as say } from '../../lib/text.layers.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useStaff } from '../staff/staff.ts';
import { HoursFields } from './hours-fields.tsx';
import { checkLayer, inOrder, type LayerForm, type Unit, units } from './layers.ts';
import { Move } from './move.tsx';
import { PeopleOrder } from './people-order.tsx';
import { PickField } from './pick-field.tsx';
import { faultWithin, useNameOf } from './schedules.ts';
import { cityOf } from './zones.ts';

interface Props {
  layer: LayerForm;
  n: number;
  of: number;
  zone: string;
  /** The field of the request that has the layers. */
  path: string;
  /** Whether it has been tried to save it. */
  checked: boolean;
  error: unknown;
  onChange: (part: Partial<LayerForm>) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

/** One layer: who takes turns, how long they are and when it applies. */
export function LayerFields({ layer, n, of, zone, path, checked, error, onChange, onMove, onRemove }: Props) {
  const id = useId();
  const nameOf = useNameOf();
  const people = useStaff().map(({ id: value, name, email }) => ({ value, label: name || email }));
  const [said, setSaid] = useState('');
  const errors = checked ? checkLayer(layer) : {};
  const at = `${path}[${n}]`;
  const number = n + 1;
  const chosen = layer.people.map(nameOf).join(', ');
  return (
    <li className="step-fields">
      <h3>{say.layer(number)}</h3>
      <TextField
        label={say.layerName(number)}
        value={layer.name}
        onChange={(name) => onChange({ name })}
        maxLength={100}
        optional
        error={faultWithin(error, `${at}.name`)}
      />
      <PickField
        label={say.people(number)}
        hint={say.peopleHint}
        search={say.find}
        nothing={say.nobody}
        options={people}
        chosen={layer.people}
        onChoose={(some) => onChange({ people: inOrder(layer.people, some) })}
        error={faultWithin(error, `${at}.people`)}
      >
        {chosen || undefined}
      </PickField>
      {layer.people.length > 1 && (
        <PeopleOrder
          label={say.people(number)}
          people={layer.people}
          layer={number}
          onChange={(some, what) => {
            onChange({ people: some });
            setSaid(what);
          }}
        />
      )}
      <span className="hidden" role="status">
        {said}
      </span>
      <div className="columns">
        <TextField
          label={say.length(number)}
          value={layer.length}
          onChange={(length) => onChange({ length })}
          error={errors.length ?? faultWithin(error, `${at}.length`)}
        />
        <SelectField
          label={say.unit(number)}
          value={layer.unit}
          options={units.map((value) => ({ value, label: say.units[value] ?? value }))}
          onChange={(unit) => onChange({ unit: unit as Unit })}
        />
      </div>
      <div className="columns">
        <TextField
          label={say.start(number)}
          hint={say.startHint(cityOf(zone))}
          type="datetime-local"
          value={layer.start}
          onChange={(start) => onChange({ start })}
          error={errors.start ?? faultWithin(error, `${at}.start`)}
        />
        <TextField
          label={say.end(number)}
          type="datetime-local"
          value={layer.end}
          onChange={(end) => onChange({ end })}
          optional
          error={errors.end ?? faultWithin(error, `${at}.end`)}
        />
      </div>
      <fieldset className="field" aria-describedby={id}>
        <legend>{say.hours(number)}</legend>
        <span className="hint" id={id}>
          {say.hoursHint}
        </span>
        <HoursFields
          hours={layer.hours}
          checked={checked}
          of={say.layer(number)}
          onChange={(hours) => onChange({ hours })}
        />
      </fieldset>
      <div className="actions">
        {of > 1 && (
          <>
            <Move label={say.layerUp(number)} sign="↑" end={n === 0} onClick={() => onMove(-1)} />
            <Move label={say.layerDown(number)} sign="↓" end={n === of - 1} onClick={() => onMove(1)} />
          </>
        )}
        <Fleeting look="quiet" onClick={onRemove}>
          {say.remove(number)}
        </Fleeting>
      </div>
    </li>
  );
}
