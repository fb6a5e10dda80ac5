import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { Menu } from './menu.tsx';

function setup() {
  const chosen: string[] = [];
  const pageKey = vi.fn();
  document.addEventListener('keydown', pageKey);
  const items = ['Move', 'Copy', 'Delete'].map((label) => ({
    label,
    onChoose: () => chosen.push(label),
    command: label.toLowerCase(),
  }));
  render(<Menu label="More" items={items} />);
  return { chosen, pageKey, user: userEvent.setup(), button: screen.getByRole('button', { name: 'More' }) };
}

const focused = () => document.activeElement?.textContent;

it('is walked through by keys, round its ends, and gives the focus back', async () => {
  const { user, button, chosen, pageKey } = setup();
  button.focus();
  await user.keyboard('{ArrowDown}');
  expect(focused()).toBe('Move');
  await user.keyboard('{ArrowUp}');
  expect(focused()).toBe('Delete');
  await user.keyboard('{ArrowDown}{ArrowDown}');
  expect(focused()).toBe('Copy');
  await user.keyboard('{End}');
  expect(focused()).toBe('Delete');
  await user.keyboard('{Home}');
  expect(focused()).toBe('Move');
  pageKey.mockClear();
  await user.keyboard('e');
  expect(pageKey).not.toHaveBeenCalled();
  await user.keyboard('{Escape}');
  expect([document.activeElement, button.getAttribute('aria-expanded')]).toEqual([button, 'false']);
  expect(screen.queryByRole('menu')).toBeNull();
  await user.keyboard('{ArrowUp}{Enter}');
  expect([chosen, document.activeElement]).toEqual([['Delete'], button]);
});

it('closes when the focus leaves', async () => {
  const { user, button } = setup();
  await user.click(button);
  expect(screen.getAllByRole('menuitem')).toHaveLength(3);
  await user.tab();
  expect(screen.queryByRole('menu')).toBeNull();
});

it('has its items for commands while it is closed', () => {
  const { chosen } = setup();
  document.querySelector<HTMLElement>('[data-command="copy"]')?.click();
  expect(chosen).toEqual(['Copy']);
});
