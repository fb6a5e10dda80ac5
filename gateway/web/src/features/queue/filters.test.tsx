import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { api } from '../../api/client.ts';
import type { Organization, Staff } from '../../api/types.ts';
import { organizationsQuery } from '../applications/applications.ts';
import { type Self, selfQuery } from '../session/session.ts';
import { staffQuery, teamsQuery } from '../staff/staff.ts';
import { Filters } from './filters.tsx';

function Page({ initial }: { initial: string }) {
  const [query, setQuery] = useState(initial);
  return (
    <>
      <Filters q={query} onChange={setQuery} />
      <output>{query}</output>
    </>
  );
}

/** The chips of somebody of the staff, and the query that they make. */
function show(role: Staff['role'], q: string, organizations: string[] = []) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(selfQuery.queryKey, { id: 'me', staff: true } as Self);
  client.setQueryData(staffQuery.queryKey, [{ id: 'me', role, name: 'Elif', email: 'elif@altis.example' } as Staff]);
  client.setQueryData(teamsQuery.queryKey, ['Billing', 'Customer Care']);
  client.setQueryData(
    organizationsQuery.queryKey,
    organizations.map((name) => ({ id: name.toLowerCase(), name }) as Organization),
  );
  render(
    <QueryClientProvider client={client}>
      <Page initial={q} />
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

const query = () => document.querySelector('output')?.textContent;
const chip = (name: string) => screen.getByRole('button', { name });
const option = (name: string) => screen.getByRole('option', { name });
const offered = () => screen.getAllByRole('option').map((one) => one.textContent?.trim());

it('asks for several teams, and for tickets of none', async () => {
  const user = show('STAFF_ROLE_AGENT', 'is:open team:billing');
  await user.click(chip('Team: Billing'));
  await user.click(option('Customer Care'));
  expect(query()).toBe('is:open team:Billing,"Customer Care"');
  await user.click(option('No team'));
  expect(query()).toBe('is:open team:Billing,"Customer Care",none');
  await user.click(option('Billing'));
  expect(query()).toBe('is:open team:"Customer Care",none');
});

it('asks for what is hidden', async () => {
  const user = show('STAFF_ROLE_SUPERVISOR', 'is:pending');
  await user.click(chip('Hidden: any'));
  await user.click(option('Deleted'));
  await user.click(option('Spam'));
  expect(query()).toBe('is:pending is:deleted,spam');
  await user.click(option('Deleted'));
  await user.click(option('Spam'));
  expect(query()).toBe('is:pending');
});

it('offers what was deleted to those who find it, or ask for it', async () => {
  const user = show('STAFF_ROLE_AGENT', '');
  await user.click(chip('Hidden: any'));
  expect(offered()).toEqual(['Spam']);
});

it('shows what a link asks for', async () => {
  const user = show('STAFF_ROLE_AGENT', 'is:deleted');
  await user.click(chip('Hidden: Deleted'));
  expect(offered()).toEqual(['Spam', 'Deleted']);
});

it('asks for a team and an application that are not listed, and lets go of them', async () => {
  const user = show('STAFF_ROLE_AGENT', '');
  await user.click(chip('Team: any'));
  await user.keyboard('night watch');
  await user.click(option('Use “night watch”'));
  expect(query()).toBe('team:"night watch"');
  await user.keyboard('{Escape}');
  await user.click(chip('Application: any'));
  await user.keyboard('shop{Enter}{Escape}');
  expect(query()).toBe('team:"night watch" app:shop');
  await user.click(chip('Application: shop'));
  await user.click(option('shop'));
  expect(query()).toBe('team:"night watch"');
});

it('asks once for the applications of all organizations, and again for what is typed', async () => {
  const read = vi.spyOn(api, 'GET');
  read.mockImplementation((async (_: string, { params }: Asked) => ({
    data: {
      applications: ['shop', 'blog']
        .filter((name) => name.startsWith(params.query.namePrefix ?? ''))
        .flatMap((name) =>
          ['acme', 'globex'].map((organization) => ({ id: `${organization} ${name}`, name, organization })),
        ),
      nextPageToken: '',
    },
  })) as never);
  const asked = () => (read.mock.calls as unknown as [string, Asked][]).map(([, { params }]) => params);
  const user = show('STAFF_ROLE_AGENT', '', ['Acme', 'Globex', 'Initech']);
  await user.click(chip('Application: any'));
  await waitFor(() => expect(offered()).toEqual(['shop', 'blog']));
  expect(asked()).toEqual([{ path: { organization: '-' }, query: { pageSize: 50, namePrefix: '' } }]);
  await user.keyboard('sh');
  await waitFor(() => expect(asked()).toHaveLength(2));
  expect(asked()[1]?.query.namePrefix).toBe('sh');
  await user.click(option('shop'));
  expect(query()).toBe('app:shop');
  read.mockRestore();
});

it('offers all applications of the one organization that is chosen', async () => {
  const read = vi.spyOn(api, 'GET');
  read.mockResolvedValue({
    data: { applications: [{ id: '1', name: 'shop', organization: 'acme' }], nextPageToken: '' },
  } as never);
  const user = show('STAFF_ROLE_AGENT', 'org:acme', ['Acme', 'Globex']);
  await user.click(chip('Application: any'));
  await waitFor(() => expect(offered()).toEqual(['shop']));
  expect((read.mock.calls as unknown as [string, Asked][]).map(([, { params }]) => params.path)).toEqual([
    { organization: 'acme' },
  ]);
  read.mockRestore();
});

interface Asked {
  params: { path: { organization: string }; query: { namePrefix?: string } };
}
