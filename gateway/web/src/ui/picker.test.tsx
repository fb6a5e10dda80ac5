import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { narrow, Picker } from './picker.tsx';

afterEach(cleanup);

const options = [
  { value: 'a', label: 'Ada Park', hint: 'ada@altis.example' },
  { value: 'd', label: 'Diego Marín', hint: 'diego@altis.example' },
  { value: 'j', label: 'Jonas Weber', hint: 'jonas@altis.example' },
];

function Field({ multiple = false, search = true }: { multiple?: boolean; search?: boolean }) {
  const [chosen, setChosen] = useState<string[]>([]);
  return (
    <>
      <Picker
        label="Person"
        nothing="nobody"
        options={options}
        chosen={chosen}
        onChoose={setChosen}
        multiple={multiple}
        {...(search && { search: 'Find' })}
      />
      <button type="button">After</button>
    </>
  );
}

const button = (name: string) => screen.getByRole('button', { name });

it('finds by typing, chooses by Enter, and gives the focus back', async () => {
  const user = userEvent.setup();
  render(<Field />);
  await user.click(button('Person: nobody'));
  expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Find' }));
  await user.keyboard('mar{Enter}');
  expect(document.activeElement).toBe(button('Person: Diego Marín'));
  expect(screen.queryByRole('listbox')).toBeNull();
});

it('is not disturbed by what newer browsers return from scrolling', async () => {
  const scroll = vi.spyOn(Element.prototype, 'scrollIntoView').mockImplementation(() => Promise.resolve());
  const user = userEvent.setup();
  render(<Field />);
  await user.click(button('Person: nobody'));
  await user.keyboard('jonas{Enter}');
  expect(scroll).toHaveBeenCalled();
  button('Person: Jonas Weber');
  scroll.mockRestore();
});

it('names the active option, and moves it by the arrows', async () => {
  const user = userEvent.setup();
  render(<Field search={false} />);
  button('Person: nobody').focus();
  await user.keyboard('{ArrowDown}');
  const list = screen.getByRole('listbox', { name: 'Person' });
  expect(document.activeElement).toBe(list);
  const active = () => document.getElementById(list.getAttribute('aria-activedescendant') ?? '')?.textContent;
  expect(active()).toContain('Ada');
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
  expect(active()).toContain('Jonas');
  await user.keyboard('{Home} ');
  expect(document.activeElement).toBe(button('Person: Ada Park'));
});

it('adds and takes away while it stays open, until Escape', async () => {
  const user = userEvent.setup();
  render(<Field multiple />);
  await user.click(button('Person: nobody'));
  await user.click(screen.getByRole('option', { name: /Ada/ }));
  await user.click(screen.getByRole('option', { name: /Jonas/ }));
  expect(screen.getByRole('option', { name: /Ada/ }).getAttribute('aria-selected')).toBe('true');
  await user.click(screen.getByRole('option', { name: /Ada/ }));
  await user.keyboard('{Escape}');
  expect(document.activeElement).toBe(button('Person: Jonas Weber'));
});

it('closes when the focus goes elsewhere', async () => {
  const user = userEvent.setup();
  render(<Field />);
  await user.click(button('Person: nobody'));
  await user.click(button('After'));
  expect(screen.queryByRole('listbox')).toBeNull();
  expect(document.activeElement).toBe(button('After'));
});

it.each([
  ['', ['a', 'd', 'j']],
  ['altis AD', ['a']],
  ['nobody', []],
])('narrows down to what has all words of "%s"', (typed, found) => {
  expect(narrow(options, typed).map(({ value }) => value)).toEqual(found);
});

it('offers what was typed where that is a value, once', () => {
  const other = (typed: string) => `Use ${typed}`;
  expect(narrow(options, ' new one ', other)).toEqual([{ value: 'new one', label: 'Use new one' }]);
  expect(narrow(options, 'a', other).filter(({ value }) => value === 'a')).toHaveLength(1);
  expect(narrow(options, ' ', other)).toHaveLength(3);
});

it('says that nothing matches, and what it waits for', async () => {
  const user = userEvent.setup();
  const chip = (loading: boolean, list = options) => (
    <Picker
      label="Person"
      nothing="any"
      search="Find"
      options={list}
      loading={loading}
      chosen={[]}
      onChoose={() => {}}
    />
  );
  const { rerender } = render(chip(true, []));
  await user.click(button('Person: any'));
  const note = screen.getByRole('status');
  expect(note.textContent).toBe('Loading…');
  rerender(chip(false));
  expect(note.textContent).toBe('');
  await user.keyboard('zzz');
  expect(note.textContent).toBe('Nothing found');
});

it('is described by what is wrong with it', () => {
  render(<Picker label="Person" options={options} chosen={[]} onChoose={() => {}} describedBy="fault" />);
  expect(screen.getByRole('button').getAttribute('aria-describedby')).toBe('fault');
});
