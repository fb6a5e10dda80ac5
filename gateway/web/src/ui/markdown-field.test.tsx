import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type FormEvent, useRef, useState } from 'react';
import { expect, it } from 'vitest';
import { applyControl } from '../features/commands/controls.ts';
import { useFirstError } from '../features/tickets/first-error.ts';
import { MarkdownField } from './markdown-field.tsx';

function Form() {
  const form = useRef<HTMLFormElement>(null);
  const [value, setValue] = useState('');
  const [error, setError] = useState<string>();
  const [attempts, setAttempts] = useState(0);
  useFirstError(form, attempts);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setError('Write something.');
    setAttempts((n) => n + 1);
  };
  const change = (typed: string) => {
    setError(undefined);
    setValue(typed);
  };
  return (
    <form ref={form} onSubmit={submit}>
      <MarkdownField label="Your reply" value={value} onChange={change} error={error} command="reply" />
      <button type="submit">Send</button>
    </form>
  );
}

const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const field = () => screen.queryByRole('textbox', { name: 'Your reply' });

it('leaves the preview for what has to be mended, and stays there', async () => {
  render(<Form />);
  await userEvent.click(button('Preview'));
  expect(field()).toBeNull();
  await userEvent.click(button('Send'));
  screen.getByText('Write something.');
  expect(document.activeElement).toBe(field());
  expect(button('Preview').disabled).toBe(true);

  await userEvent.type(field() as HTMLElement, 'Now');
  expect(screen.queryByText('Write something.')).toBeNull();
  expect(document.activeElement).toBe(field());
  await userEvent.click(button('Preview'));
  expect(field()).toBeNull();
});

it('is found by its command in both of its forms', async () => {
  render(<Form />);
  applyControl('reply');
  expect(document.activeElement).toBe(field());
  await userEvent.click(button('Preview'));
  applyControl('reply');
  expect(document.activeElement).toBe(field());
});
