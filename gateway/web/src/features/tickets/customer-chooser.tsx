import { queryOptions, useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import { sentenceOf } from '../../api/problem.ts';
import type { Member } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { Picker } from '../../ui/picker.tsx';
import { organizationsQuery } from '../applications/applications.ts';
import type { Errors, Form, FormDraft } from './create-form.ts';
import '../../styles/staff.css';

const say = staffText.forCustomer;

export const membersQuery = (organization: string) =>
  queryOptions({
    queryKey: ['members', organization],
    enabled: organization !== '',
    queryFn: ({ signal }) =>
      readAll(async (pageToken) => {
        const params = { path: { organization }, query: { pageSize: 100, pageToken } };
        const page = data(await api.GET('/v1/organizations/{organization}/members', { params, signal }));
        return [page.members as Member[], page.nextPageToken];
      }),
  });

interface Props {
  form: Form;
  errors: Errors;
  change: (part: Partial<FormDraft>) => void;
}

/** For whom staff open a ticket: the organization, and who of it asked. */
export function CustomerChooser({ form, errors, change }: Props) {
  const { data: organizations = [], error } = useQuery(organizationsQuery);
  const { data: members = [], error: membersError } = useQuery(membersQuery(form.organization));
  const id = useId();
  const organizationError = errors.organization ?? (error ? sentenceOf(error) : undefined);
  const requesterError = errors.requester ?? (membersError ? sentenceOf(membersError) : undefined);
  return (
    <fieldset className="field customer">
      <legend>{say.title}</legend>
      <span className="hint">{say.hint}</span>
      <Chooser label={say.organization} id={`${id}-organization`} error={organizationError}>
        <Picker
          label={say.organization}
          describedBy={organizationError && `${id}-organization`}
          chosen={form.organization ? [form.organization] : []}
          nothing={say.choose}
          search={say.findOrganization}
          options={organizations.map(({ id, name }) => ({ value: id, label: name }))}
          onChoose={([organization = '']) => {
            // People and applications are those of the other organization.
            if (organization !== form.organization) change({ organization, requester: '', targets: undefined });
          }}
        />
      </Chooser>
      {form.organization && (
        <Chooser label={say.requester} id={`${id}-requester`} error={requesterError}>
          <Picker
            label={say.requester}
            describedBy={requesterError && `${id}-requester`}
            chosen={form.requester ? [form.requester] : []}
            nothing={say.choose}
            search={say.findMember}
            options={members
              .filter(({ disabled }) => !disabled)
              .map(({ id, name, email }) => ({ value: id, label: name, hint: email }))}
            onChoose={([requester = '']) => change({ requester })}
          />
        </Chooser>
      )}
    </fieldset>
  );
}

interface ChooserProps {
  label: string;
  /** Of the error. */
  id: string;
  error: string | undefined;
  children: ReactNode;
}

function Chooser({ label, id, error, children }: ChooserProps) {
  return (
    <div className="chooser" data-invalid={error ? true : undefined}>
      <span className="label" aria-hidden="true">
        {label}
      </span>
      {children}
      {error && (
        <span className="error" id={id} role="alert">
          {error}
        </span>
      )}
    </div>
  );
}
