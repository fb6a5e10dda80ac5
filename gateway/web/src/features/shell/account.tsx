import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import { initials } from '../../lib/format.ts';
import { text } from '../../lib/text.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { notices } from '../../ui/notices.tsx';
import { logOut, useSelf } from '../session/session.ts';
import { chooseTheme, chosenTheme, type Theme } from './theme.ts';

/** Who is logged in, the appearance, and the way out. */
export function Account() {
  const self = useSelf();
  const id = useId();
  return (
    <div className="account">
      <button type="button" className="account-button" popoverTarget={id}>
        <span className="avatar" aria-hidden="true">
          {initials(self.name)}
        </span>
        <span className="hidden">{text.nav.account}: </span>
        <span className="who">
          <span className="name">{self.name}</span>
          <span className="org">{self.organization?.name ?? text.nav.staff}</span>
        </span>
        <Icon name="chevron" size={16} />
      </button>
      <div id={id} popover="auto" className="account-menu">
        <p className="muted small">{self.email}</p>
        <ThemeChoice />
        <LogOut />
      </div>
    </div>
  );
}

function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <fieldset className="theme-choice">
      <legend>{text.nav.theme}</legend>
      {(Object.keys(text.nav.themes) as Theme[]).map((name) => (
        <label key={name}>
          <input
            type="radio"
            name="theme"
            checked={theme === name}
            onChange={() => {
              chooseTheme(name);
              setTheme(name);
            }}
          />
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
      }}
    >
      {text.nav.logout}
    </Button>
  );
}
