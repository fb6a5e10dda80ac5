import { useState } from 'react';
import { layersText as say } from '../../lib/text.layers.ts';
import { Button } from '../../ui/button.tsx';
import { moved } from './escalation.ts';
import { LayerFields } from './layer-fields.tsx';
import { type LayerForm, newLayer } from './layers.ts';
import { faultWithin } from './schedules.ts';
import '../../styles/layers.css';

/** What of a layer says itself what is wrong with it. */
export const layerFields = ['name', 'people', 'length', 'start', 'end'];

interface Props {
  layers: LayerForm[];
  zone: string;
  /** The field of the request that has them. */
  path: string;
  /** What is said where there are none. */
  none?: string;
  /** When a layer that is added begins. */
  from?: Date | undefined;
  checked: boolean;
  error: unknown;
  onChange: (layers: LayerForm[]) => void;
}

/** The layers of a schedule, in order. */
export function LayersFields({ layers, zone, path, none, from, checked, error, onChange }: Props) {
  const [said, setSaid] = useState('');
  const nobody = faultWithin(error, path, true);
  const move = (at: number, by: 1 | -1) => {
    onChange(moved(layers, at, by));
    setSaid(say.layerMoved(at + by + 1));
  };
  return (
    <fieldset className="form layers-form">
      <legend>
        <h2>{say.layers}</h2>
      </legend>
      {layers.length > 1 && <p className="hint">{say.layersHint}</p>}
      {layers.length === 0 && none && <p className="muted">{none}</p>}
      {layers.length > 0 && (
        <ol className="step-list">
          {layers.map((layer, n) => (
            <LayerFields
              key={layer.key}
              layer={layer}
              n={n}
              of={layers.length}
              zone={zone}
              path={path}
              checked={checked}
              error={error}
              onChange={(part) => onChange(layers.with(n, { ...layer, ...part }))}
              onMove={(by) => move(n, by)}
              onRemove={() => onChange(layers.toSpliced(n, 1))}
            />
          ))}
        </ol>
      )}
      {nobody && (
        <span className="error" role="alert">
          {nobody}
        </span>
      )}
      <span className="hidden" role="status">
        {said}
      </span>
      <div className="actions">
        <Button icon="plus" onClick={() => onChange([...layers, newLayer(layers, zone, from)])}>
          {say.add}
        </Button>
      </div>
    </fieldset>
  );
}
