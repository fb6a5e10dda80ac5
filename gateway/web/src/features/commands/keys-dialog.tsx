import { Fragment, useSyncExternalStore } from 'react';
import { commandText as say } from '../../lib/text.commands.ts';
import { Button } from '../../ui/button.tsx';
import { Keys } from '../../ui/keys.tsx';
import { Modal } from '../../ui/modal.tsx';
import { commands, type Group, keysOfPages, type World } from './commands.ts';
import { keysOf } from './keys.ts';
import { singleKeys } from './single-keys.ts';

/** All keys, by where they work. */
export default function KeysDialog({ world, onClose }: { world: World; onClose: () => void }) {
  const on = useSyncExternalStore(singleKeys.subscribe, singleKeys.on);
  // What never applies to this person is left out; what only another page has is listed.
  const own = commands.filter(({ keys, group, when }) => keys && (group !== 'create' || (when?.(world) ?? true)));
  const known = [...own, ...keysOfPages].filter(({ staff }) => !staff || world.self.staff);
  const groups = (Object.keys(say.groups) as Group[]).filter((group) => known.some((one) => one.group === group));
  return (
    <Modal title={say.help} look="wide" onClose={onClose}>
      <div className="key-groups">
        {groups.map((group) => (
          <section key={group}>
            <h3>{say.groups[group]}</h3>
            <dl>
              {known
                .filter((one) => one.group === group)
                .map((one) => (
                  <div key={one.title} className="key-line">
                    <dt>{one.title}</dt>
                    <dd>
                      {keysOf(one).map((keys, index) => (
                        <Fragment key={keys}>
                          {index > 0 && <span className="muted small"> / </span>}
                          <Keys keys={keys} between={say.sequence} />
                        </Fragment>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="actions">
        <Button onClick={() => singleKeys.turn(!on)}>{on ? say.helpTurnOff : say.helpTurnOn}</Button>
        <span className="muted small" role="status">
          {on ? say.helpOn : say.helpOff}
        </span>
      </div>
    </Modal>
  );
}
