import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { sentenceOf } from '../../api/problem.ts';
import { text } from '../../lib/text.ts';
import { Button } from '../../ui/button.tsx';
import { Keys } from '../../ui/keys.tsx';
import { notices } from '../../ui/notices.tsx';
import { commandDialog } from '../commands/dialog.ts';
import { logOut, useSelf } from '../session/session.ts';
import { forgetList } from '../tickets/left-list.ts';
import { chooseTheme, type Theme, useTheme } from './theme.ts';

/** Within the popover of this id. */
export default function AccountMenu({ id }: { id: string }) {
  const self = useSelf();
  const hide = () => document.getElementById(id)?.hidePopover();
  return (
    <>
      <p className="muted small">{self.email}</p>
      <ul className="account-links">
        <li>
          <Link to="/settings" onClick={hide}>
            {text.nav.settings}
          </Link>
        </li>
        <li>
          <button
            type="button"
            onClick={() => {
              hide();
              commandDialog.show('palette');
            }}
          >
            {text.nav.commands} <Keys keys="Ctrl+K" between="" />
          </button>
        </li>
      </ul>
      <ThemeChoice />
      <LogOut />
    </>
  );
}

function ThemeChoice() {
  const theme = useTheme();
  return (
    <fieldset className="theme-choice">
      <legend>{text.nav.theme}</legend>
      {(Object.keys(text.nav.themes) as Theme[]).map((name) => (
        <label key={name}>
          <input type="radio" name="theme" checked={theme === name} onChange={() => chooseTheme(name)} />
          {text.nav.themes[name]}
        </label>
      ))}
    </fieldset>
  );
}

function LogOut() {
  const router = useRouter();
  const client = useQueryClient();
  return (
    <Button
      onClick={async () => {
        try {
          await logOut();
        } catch (error) {
          notices.say(sentenceOf(error));
          return;
        }
        await router.navigate({ to: '/login' });
        client.clear();
        forgetList();
      }}
    >
      {text.nav.logout}
    </Button>
  );
}
