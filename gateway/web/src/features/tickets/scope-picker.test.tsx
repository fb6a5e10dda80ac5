import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import type { Application } from '../../api/types.ts';
import { applicationsQuery } from '../applications/applications.ts';
import { ScopePicker } from './scope-picker.tsx';

const application = (id: string, name: string, environments: string[]) =>
  ({ id, name, environments: environments.map((kind) => ({ id: kind, name: kind, kind })) }) as unknown as Application;

let sent: string[] = [];

function Picker({ chosen, error }: { chosen: string[]; error: string | undefined }) {
  const [targets, setTargets] = useState(chosen);
  sent = targets;
  const change = (part: { targets?: string[] }) => setTargets(part.targets ?? targets);
  return <ScopePicker organization="o" all={false} limited targets={targets} onChange={change} error={error} />;
}

function setup(chosen: string[], error?: string) {
  const client = new QueryClient();
  client.setQueryData(applicationsQuery('o').queryKey, [
    application('shop', 'Shop', ['production', 'staging', 'test']),
    application('blog', 'Blog', ['live']),
  ]);
  render(
    <QueryClientProvider client={client}>
      <Picker chosen={chosen} error={error} />
    </QueryClientProvider>,
  );
}

const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name });
const checked = () =>
  screen
    .getAllByRole<HTMLInputElement>('checkbox')
    .filter((one) => one.checked)
    .map((one) => one.closest('label')?.textContent);

describe('ScopePicker', () => {
  it('shows every environment of a whole application as chosen', async () => {
    setup([]);
    await userEvent.click(box('Shop'));
    expect(sent).toEqual(['shop']);
    expect(checked()).toEqual(['Shop', 'Shop production', 'Shop staging', 'Shop test']);
  });

  it('leaves the others when one of a whole application is taken out', async () => {
    setup(['blog/live', 'shop']);
    await userEvent.click(box('Shop staging'));
    expect(sent).toEqual(['blog/live', 'shop/production', 'shop/test']);
    expect(box('Shop').indeterminate).toBe(true);
    expect(checked()).toEqual(['Shop production', 'Shop test', 'Blog live']);
    await userEvent.click(box('Shop staging'));
    expect(new Set(sent)).toEqual(new Set(['blog/live', 'shop/production', 'shop/test', 'shop/staging']));
  });

  it('leaves nothing when the only environment is taken out', async () => {
    setup(['blog']);
    await userEvent.click(box('Blog live'));
    expect(sent).toEqual([]);
    expect(checked()).toEqual([]);
  });

  it.each([undefined, 'Choose one.'])('is described by what is there: %s', (error) => {
    setup([], error);
    const ids = screen.getByRole('group').getAttribute('aria-describedby')?.split(' ') ?? [];
    expect(ids.map((id) => document.getElementById(id)?.textContent)).toHaveLength(error ? 2 : 1);
    for (const id of ids) expect(document.getElementById(id)).not.toBeNull();
  });
});
