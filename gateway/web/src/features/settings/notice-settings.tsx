import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { api, data } from '../../api/client.ts';
import { sentenceOf } from '../../api/problem.ts';
import type { NoticePreferences } from '../../api/types.ts';
import { timeZone } from '../../lib/format.ts';
import { noticesText as say } from '../../lib/text.notices.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { notices } from '../../ui/notices.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useSelf } from '../session/session.ts';
import { type Channel, channels, gathers, kinds, noticesQuery, withHour } from './notices.ts';
import '../../styles/notices.css';

/** What somebody of the staff is mailed about, and how. */
export default function NoticeSettings() {
  const { data: preferences, error, refetch } = useQuery(noticesQuery);
  return (
    <section className="panel" aria-labelledby="settings-notices">
      <h2 id="settings-notices">{say.title}</h2>
      <p className="muted">{say.lead}</p>
      {preferences ? (
        <Preferences initial={preferences} />
      ) : error ? (
        <Failure title={say.failed} error={error} onRetry={() => refetch()} />
      ) : (
        <Loading rows={3} />
      )}
    </section>
  );
}

function Preferences({ initial }: { initial: NoticePreferences }) {
  const [chosen, setChosen] = useState(initial);
  const save = useSave();
  const gathered = gathers(chosen);
  const missing = gathered && chosen.digestHours.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending || missing) return;
    // Without a digest nobody chooses hours, and there have to be some.
    save.mutate(chosen.digestHours.length > 0 ? chosen : { ...chosen, digestHours: initial.digestHours });
  };
  return (
    <form className="form" onSubmit={submit}>
      {kinds.map((kind) => (
        <SelectField
          key={kind}
          label={say.kinds[kind]}
          value={chosen[kind]}
          options={channels.map((value) => ({ value, label: say.channels[value] }))}
          onChange={(channel) => setChosen({ ...chosen, [kind]: channel as Channel })}
        />
      ))}
      {gathered && (
        <Hours
          hours={chosen.digestHours}
          missing={missing}
          onChange={(hour, on) => setChosen(withHour(chosen, hour, on))}
        />
      )}
      {save.error && (
        <Banner tone="danger" alert>
          {sentenceOf(save.error)}
        </Banner>
      )}
      <div className="actions">
        <Button look="primary" type="submit" busy={save.isPending}>
          {save.isPending ? say.saving : say.save}
        </Button>
      </div>
    </form>
  );
}

interface HoursProps {
  hours: number[];
  missing: boolean;
  onChange: (hour: number, on: boolean) => void;
}

function Hours({ hours, missing, onChange }: HoursProps) {
  const id = useId();
  const { timeZone: own } = useSelf();
  return (
    <fieldset className="field" aria-describedby={missing ? `${id} ${id}-missing` : id}>
      <legend>{say.hours}</legend>
      <span className="hint" id={id}>
        {say.hoursHint(own || timeZone())}
      </span>
      <div className="digest-hours">
        {Array.from({ length: 24 }, (_, hour) => hour).map((hour) => (
          <Checkbox key={hour} checked={hours.includes(hour)} onChange={(on) => onChange(hour, on)}>
            {`${String(hour).padStart(2, '0')}:00`}
          </Checkbox>
        ))}
      </div>
      {missing && (
        <span className="error" id={`${id}-missing`} role="alert">
          {say.hoursMissing}
        </span>
      )}
    </fieldset>
  );
}

function useSave() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: NoticePreferences) =>
      data(await api.PATCH('/v1/me/noticePreferences', { body })) as NoticePreferences,
    onSuccess: (saved) => {
      client.setQueryData(noticesQuery.queryKey, saved);
      notices.say(say.saved);
    },
  });
}
