import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { Application } from '../../api/types.ts';
import { applicationsText } from '../../lib/text.applications.ts';
import { createText } from '../../lib/text.create.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { applicationsQuery } from '../applications/applications.ts';

interface Props {
  organization: string;
  all: boolean;
  /** Who is limited to some applications cannot speak for all. */
  limited: boolean;
  targets: string[];
  onChange: (part: { all?: boolean; targets?: string[] }) => void;
  error?: string | undefined;
}

/** One application or environment, several, or all. */
export function ScopePicker({ organization, all, limited, targets, onChange, error }: Props) {
  const id = useId();
  const { data: applications, isPending, error: failure, refetch } = useQuery(applicationsQuery(organization));
  return (
    <fieldset
      className="field scope"
      aria-describedby={error ? `${id}-hint ${id}-error` : `${id}-hint`}
      data-invalid={error ? true : undefined}
    >
      <legend>{createText.scope}</legend>
      <span className="hint" id={`${id}-hint`}>
        {createText.scopeHint}
      </span>
      {!limited && (
        <Checkbox checked={all} invalid={error !== undefined} onChange={(on) => onChange({ all: on })}>
          {createText.scopeAll}
        </Checkbox>
      )}
      {!all && (
        <div className="applications">
          {isPending && <Loading rows={2} />}
          {failure && <Failure title={applicationsText.failed} error={failure} onRetry={() => refetch()} />}
          {applications?.length === 0 && <p className="muted">{createText.noApplications}</p>}
          {applications?.map((application) => (
            <ApplicationChoice
              key={application.id}
              application={application}
              targets={targets}
              onChange={(chosen) => onChange({ targets: chosen })}
            />
          ))}
        </div>
      )}
      {error && (
        <span className="error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </fieldset>
  );
}

interface ChoiceProps {
  application: Application;
  targets: string[];
  onChange: (targets: string[]) => void;
}

/** The whole application stands for all of its environments, later ones included. */
function ApplicationChoice({ application, targets, onChange }: ChoiceProps) {
  const whole = targets.includes(application.id);
  const inside = (id: string) => id === application.id || id.startsWith(`${application.id}/`);
  const others = targets.filter((id) => !inside(id));
  const some = !whole && targets.some(inside);
  const environments = application.environments.map(({ id }) => `${application.id}/${id}`);
  const chosen = environments.filter((id) => whole || targets.includes(id));
  const toggle = (id: string, on: boolean) => {
    const kept = chosen.filter((one) => one !== id);
    onChange([...others, ...kept, ...(on ? [id] : [])]);
  };
  return (
    <div className="application">
      <Checkbox checked={whole} partly={some} onChange={(on) => onChange(on ? [...others, application.id] : others)}>
        <strong>{application.name}</strong>
      </Checkbox>
      <div className="environments">
        {application.environments.map((environment) => {
          const id = `${application.id}/${environment.id}`;
          return (
            <Checkbox key={id} checked={chosen.includes(id)} onChange={(on) => toggle(id, on)}>
              <span className="hidden">{application.name} </span>
              {environment.name}
            </Checkbox>
          );
        })}
      </div>
    </div>
  );
}
