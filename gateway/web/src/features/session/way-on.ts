/**
 * Where a login leads: to a path of this site. Another address must not pose as the way on, and it is looked at as the
 * browser reads it: tabs and line breaks are left out there, and a path may come to begin with two slashes.
 */
export function wayOn(next = '/'): string {
  try {
    const { origin, pathname, search, hash } = new URL(next, window.location.origin);
    const ours = next.startsWith('/') && !pathname.startsWith('//') && origin === window.location.origin;
    if (ours) return pathname + search + hash;
  } catch {
    // It is no address at all.
  }
  return '/';
}
