import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { useCombo } from './combo.ts';

function Field({ eager, onChoose, onSend }: { eager?: boolean; onChoose(name: string): void; onSend(): void }) {
  const [open, setOpen] = useState(true);
  const [typed, setTyped] = useState('');
  const names = ['one', 'two', 'three'].filter((name) => name.startsWith(typed));
  const combo = useCombo({
    names,
    open,
    eager: eager ?? false,
    onChoose: (index) => onChoose(names[index] ?? ''),
    onClose: () => setOpen(false),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      <input
        {...combo.input}
        aria-label="Field"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={combo.onKeyDown}
      />
      <button type="submit">Send</button>
      {combo.shown && (
        <div {...combo.list('Names')}>
          {names.map((name, index) => (
            <div key={name} {...combo.option(index)}>
              {name}
            </div>
          ))}
        </div>
      )}
    </form>
  );
}

function setup(eager?: boolean) {
  const [onChoose, onSend] = [vi.fn(), vi.fn()];
  render(<Field {...(eager !== undefined && { eager })} onChoose={onChoose} onSend={onSend} />);
  const field = screen.getByRole('combobox', { name: 'Field' });
  field.focus();
  const active = () => document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent;
  return { onChoose, onSend, field, active };
}

describe('useCombo', () => {
  it('goes round by arrow keys, with the field itself between last and first', async () => {
    const { field, active } = setup();
    const seen = [];
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp']) {
      await userEvent.keyboard(`{${key}}`);
      seen.push(active());
    }
    expect(seen).toEqual(['one', 'two', 'three', undefined, 'three']);
    expect(document.activeElement).toBe(field);
    expect(screen.getByRole('option', { selected: true }).textContent).toBe('three');
  });

  it('sends by Enter when nothing is chosen, and chooses when something is', async () => {
    const { onChoose, onSend } = setup();
    await userEvent.keyboard('{Enter}');
    expect([onSend.mock.calls.length, onChoose.mock.calls]).toEqual([1, []]);
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect([onSend.mock.calls.length, onChoose.mock.calls]).toEqual([1, [['two']]]);
  });

  it('has the first chosen from the start when eager, also among fewer', async () => {
    const { onChoose, active } = setup(true);
    expect(active()).toBe('one');
    await userEvent.keyboard('{ArrowUp}');
    expect(active()).toBe('three');
    await userEvent.keyboard('tw{Enter}');
    expect(onChoose.mock.calls).toEqual([['two']]);
  });

  it('closes by Escape, and is a plain field then', async () => {
    const { field, onSend } = setup();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(field.getAttribute('aria-expanded')).toBe('false');
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(onSend).toHaveBeenCalledOnce();
  });

  it('is not open without options', async () => {
    const { field } = setup();
    await userEvent.keyboard('zzz');
    expect(field.getAttribute('aria-expanded')).toBe('false');
    expect(field.hasAttribute('aria-controls')).toBe(false);
  });
});
