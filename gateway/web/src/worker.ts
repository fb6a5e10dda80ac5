/** What the page's policy asks for where an address of a script is given; TypeScript's library does not know it yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(address: string): string };
}

/**
 * Starts the worker that answers while the dashboard is away. The page's policy names this one policy of Trusted Types,
 * which can be made once and gives nothing but this address.
 */
export function startWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  const address = '/sw.js';
  const { trustedTypes } = window as unknown as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('altis-worker', { createScriptURL: () => address });
  // Without it the dashboard works as ever: some browsers and some settings have none.
  navigator.serviceWorker.register(policy?.createScriptURL('') ?? address).catch(() => undefined);
}
