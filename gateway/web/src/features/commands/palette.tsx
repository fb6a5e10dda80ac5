import { useState } from 'react';
import { commandText as say } from '../../lib/text.commands.ts';
import { useCombo } from '../../ui/combo.ts';
import { Keys } from '../../ui/keys.tsx';
import { Modal } from '../../ui/modal.tsx';
import { commands, type World } from './commands.ts';
import { useTickets } from './palette-tickets.ts';
import { matches } from './palette-words.ts';

interface Entry {
  name: string;
  title: string;
  group: string;
  keys?: string | undefined;
  run: () => void;
}

/** Everything by its name: commands, tickets by number, and tickets by their subject. */
export default function Palette({ world, onClose }: { world: World; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const entries = useEntries(typed, world);
  const choose = (index: number) => {
    const entry = entries[index];
    if (!entry) return;
    onClose();
    // After the dialog has given the focus back, which a command may want elsewhere.
    setTimeout(entry.run);
  };
  const combo = useCombo({
    names: entries.map(({ name }) => name),
    open: true,
    eager: true,
    onChoose: choose,
    onClose,
  });
  return (
    <Modal title={say.title} look="palette" onClose={onClose}>
      <input
        {...combo.input}
        type="text"
        className="palette-input"
        aria-label={say.placeholder}
        placeholder={say.placeholder}
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        // biome-ignore lint/a11y/noAutofocus: a palette is there to be typed into
        autoFocus
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={combo.onKeyDown}
      />
      <p className="hidden" role="status">
        {say.found(entries.length)}
      </p>
      {combo.shown ? (
        <div {...combo.list(say.list)}>
          {entries.map(({ name, title, group, keys }, index) => (
            <div key={name} {...combo.option(index)}>
              <span className="what">{title}</span>
              <span className="muted small">{group}</span>
              {keys && <Keys keys={keys} between={say.sequence} />}
            </div>
          ))}
        </div>
      ) : (
        <p className="muted">{say.none}</p>
      )}
    </Modal>
  );
}

function useEntries(typed: string, world: World): Entry[] {
  const tickets = useTickets(typed);
  const [, number] = /^\s*#?(\d{1,18})\s*$/.exec(typed) ?? [];
  const open = (n: string) => () => world.go({ to: '/tickets/$number', params: { number: n } });
  const entries: Entry[] = commands
    .filter((command) => !command.keysOnly && (command.when?.(world) ?? true))
    .map(({ group, title, keys, run }) => ({
      name: title,
      title,
      group: say.groups[group],
      keys,
      run: () => run(world),
    }))
    .filter(({ title, group }) => matches(`${title} ${group}`, typed));
  if (number)
    entries.unshift({ name: `#${number}`, title: say.number(number), group: say.groups.tickets, run: open(number) });
  for (const ticket of tickets) {
    if (ticket.number === number) continue;
    const title = `#${ticket.number} ${ticket.subject}`;
    entries.push({ name: title, title, group: say.groups.tickets, run: open(ticket.number) });
  }
  return entries;
}
