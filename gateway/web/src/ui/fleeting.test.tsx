import { act, render, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { Fleeting } from './fleeting.tsx';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const list = (button: boolean, pane?: 'still' | 'with its button') => (
  <>
    <main>
      <h1 tabIndex={-1}>Queue</h1>
      {button && <Fleeting>Show</Fleeting>}
      <input />
      {pane && (
        <section className="pane">
          <h2 tabIndex={-1}>Ticket</h2>
          {pane === 'with its button' && <Fleeting>Solve</Fleeting>}
        </section>
      )}
    </main>
  </>
);

function goes(from: ReturnType<typeof list>, name: string, to: ReturnType<typeof list>, meanwhile = () => {}) {
  const { rerender } = render(from);
  screen.getByRole('button', { name }).focus();
  meanwhile();
  rerender(to);
  act(() => vi.runAllTimers());
  return document.activeElement;
}

it('leaves the focus at the title of the page', () => {
  expect(goes(list(true), 'Show', list(false))).toBe(screen.getByRole('heading', { name: 'Queue' }));
});

it('does so beside a ticket, too', () => {
  const focused = goes(list(true, 'still'), 'Show', list(false, 'still'));
  expect(focused).toBe(screen.getByRole('heading', { name: 'Queue' }));
});

it('leaves it in the part beside the list', () => {
  const focused = goes(list(false, 'with its button'), 'Solve', list(false, 'still'));
  expect(focused).toBe(screen.getByRole('heading', { name: 'Ticket' }));
});

it('takes it from nobody', () => {
  const focused = goes(list(true), 'Show', list(false), () => screen.getByRole('textbox').focus());
  expect(focused).toBe(screen.getByRole('textbox'));
});
