import { type FormEvent, useRef, useState } from 'react';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { logIn } from './session.ts';

/** Address and password. Which of the two was wrong is never said. */
export function LoginForm({ email: known, onDone }: { email?: string; onDone: () => Promise<void> | void }) {
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const passwordInput = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFault(undefined);
    try {
      await logIn(email.trim(), password);
      await onDone();
    } catch (error) {
      setFault(error);
      setPassword('');
      passwordInput.current?.focus();
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="form" onSubmit={submit}>
      {fault !== undefined && (
        <Banner tone="danger" alert>
          {fault instanceof ApiError && [400, 401].includes(fault.status) ? text.login.wrong : sentenceOf(fault)}
        </Banner>
      )}
      <TextField
        label={text.login.email}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        autoFocus={known === undefined}
      />
      <TextField
        label={text.login.password}
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        inputRef={passwordInput}
        autoFocus={known !== undefined}
      />
      <Button look="primary" type="submit" busy={busy}>
        {text.login.submit}
      </Button>
    </form>
  );
}
