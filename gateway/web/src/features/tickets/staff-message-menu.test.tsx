import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Message } from '../../api/types.ts';
import { redacted } from './redact.ts';
import { StaffMessageMenu } from './staff-message-menu.tsx';
import { TimelineView } from './timeline-view.tsx';

const said = (body: string) => ({ id: 'm1', ticket: '7', body, attachments: [], author: { name: 'Priya' } });

/** A conversation of one message, with its menu. */
function conversation(body: string) {
  const message = said(body) as unknown as Message;
  return (
    <QueryClientProvider client={new QueryClient()}>
      <TimelineView
        entries={[{ what: 'message', id: 'm1', at: '2026-11-24T12:00:00Z', message, graced: false, redactions: [] }]}
        self="me"
        menu={(one) => <StaffMessageMenu message={one} />}
      />
    </QueryClientProvider>
  );
}

async function openDialog() {
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: /Priya/ }));
  await user.click(screen.getByRole('menuitem', { name: 'Redact…' }));
  await screen.findByRole('dialog', {}, { timeout: 20_000 }); // it is loaded first
  return user;
}

it('leaves the focus on what is left of a message, when all of it was redacted', async () => {
  const { rerender } = render(conversation('secret'));
  await openDialog();
  rerender(conversation(redacted));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const card = screen.getByRole('article');
  expect(document.activeElement).toBe(card);
  // Nor does the dialog take it away later.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  expect(document.activeElement).toBe(card);
});

it('does so when the dialog has closed before', async () => {
  const { rerender } = render(conversation('secret'));
  const user = await openDialog();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: /Priya/ })));
  rerender(conversation(redacted));
  expect(document.activeElement).toBe(screen.getByRole('article'));
});

it('leaves somebody where they went meanwhile', async () => {
  const { rerender } = render(conversation('secret'));
  const user = await openDialog();
  await user.keyboard('{Escape}');
  const elsewhere = document.body.appendChild(document.createElement('input'));
  elsewhere.focus();
  rerender(conversation(redacted));
  expect(document.activeElement).toBe(elsewhere);
  elsewhere.remove();
});

it('takes no focus when somebody else has redacted it', async () => {
  const { rerender } = render(conversation('secret'));
  rerender(conversation(redacted));
  expect(screen.queryByRole('button')).toBeNull();
  expect(document.activeElement).toBe(document.body);
});
