import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { QueryChips } from './query-chips.tsx';

const scope = {
  all: false,
  targets: [{ application: 'a1', applicationName: 'Shop', environment: 'e1', environmentName: 'production' }],
};

function setup(query: string, staff = false) {
  const onChange = vi.fn();
  render(<QueryChips query={query} staff={staff} tickets={[{ scope }]} onChange={onChange} />);
  const chips = screen.queryAllByRole('listitem').map((item) => item.textContent);
  return { onChange, chips };
}

describe('QueryChips', () => {
  it('says what the query has, in words', () => {
    const { chips } = setup('type:incident -app:"Acme Shop" "payment error" #7 prioritty:high');
    expect(chips).toEqual([
      'Type: incident',
      'not Application: Acme Shop',
      'payment error',
      'Ticket: #7',
      'prioritty: high (not understood)',
      'Remove all',
    ]);
  });

  it('says how the list is sorted, and that it is sorted once', () => {
    const { chips } = setup('sla:<1h sort:due sort:created-asc');
    expect(chips).toEqual(['Due: <1h', 'Order: due', 'Order: created-asc (not understood)', 'Remove all']);
  });

  it('names applications and environments that it has by their ids', () => {
    const { chips } = setup('app:A1 env:e1 app:a2 type:a1');
    expect(chips.slice(0, 3)).toEqual(['Application: Shop', 'Environment: production', 'Application: a2']);
    expect(chips[3]).toContain('a1');
  });

  it('takes a part out of the text', async () => {
    const { onChange } = setup('a  type:incident b');
    await userEvent.click(screen.getByRole('button', { name: 'Remove type:incident' }));
    expect(onChange).toHaveBeenCalledWith('a b');
    await userEvent.click(screen.getByRole('button', { name: 'Remove all' }));
    expect(onChange).toHaveBeenLastCalledWith('');
  });

  it('is not there without a query, nor for one that is refused', () => {
    expect(setup('').chips).toEqual([]);
    expect(setup('a '.repeat(30)).chips).toEqual([]);
  });
});
