import { type FormEvent, useRef, useState } from 'react';
import type { Schedule } from '../../api/types.ts';
import { fromLocalInput, timeZone } from '../../lib/format.ts';
import { layersText } from '../../lib/text.layers.ts';
import { schedulesText } from '../../lib/text.schedules.ts';
import { FormEnd } from '../../ui/form-end.tsx';
import { Modal } from '../../ui/modal.tsx';
import { notices } from '../../ui/notices.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFirstError } from '../tickets/first-error.ts';
import { type LayerForm, layersAreRight, layersOf, newLayer, useCreateTemporary } from './layers.ts';
import { LayersFields, layerFields } from './layers-fields.tsx';
import { checkSpan } from './override-form.ts';
import { faultBeside, faultOf } from './schedules.ts';
import { cityOf } from './zones.ts';

const say = layersText.temporary;

/** Layers that apply instead of those of a schedule, from when until when. */
export function TemporaryDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [layers, setLayers] = useState<LayerForm[]>(() => [newLayer([], schedule.timeZone)]);
  const [attempts, setAttempts] = useState(0);
  const element = useRef<HTMLFormElement>(null);
  const create = useCreateTemporary(schedule.id);
  const { error } = create;
  useFirstError(element, attempts);
  const checked = attempts > 0;
  const wrong = checkSpan(from, until);
  const errors = checked ? wrong : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAttempts(attempts + 1);
    if (create.isPending || wrong.from || wrong.until || !layersAreRight(layers)) return;
    const [startTime = '', endTime = ''] = [fromLocalInput(from), fromLocalInput(until)];
    create.mutate(
      { startTime, endTime, layers: layersOf(layers) },
      {
        onSuccess: () => {
          notices.say(say.done);
          onClose();
        },
        onError: () => setAttempts((n) => n + 1), // so that the focus goes to what was refused
      },
    );
  };
  const beside = faultBeside(error, ['start_time', 'end_time', 'override.layers', ...layerFields]);
  const begin = fromLocalInput(from);
  return (
    <Modal title={say.title} look="wide" onClose={onClose}>
      <p className="muted">{say.lead}</p>
      <form ref={element} className="form policy-form" onSubmit={submit} noValidate>
        <div className="columns">
          <TextField
            label={say.from}
            hint={schedulesText.override.hint(cityOf(timeZone()))}
            type="datetime-local"
            value={from}
            onChange={(time) => {
              create.reset();
              setFrom(time);
            }}
            error={errors.from ?? faultOf(error, 'start_time')}
          />
          <TextField
            label={say.until}
            type="datetime-local"
            value={until}
            onChange={(time) => {
              create.reset();
              setUntil(time);
            }}
            error={errors.until ?? faultOf(error, 'end_time')}
          />
        </div>
        <LayersFields
          layers={layers}
          zone={schedule.timeZone}
          path="override.layers"
          none={say.none}
          from={begin ? new Date(begin) : undefined}
          checked={checked}
          error={error}
          onChange={(some) => {
            create.reset();
            setLayers(some);
          }}
        />
        <FormEnd confirm={say.confirm} busy={create.isPending} error={beside} onCancel={onClose} />
      </form>
    </Modal>
  );
}
