// The accounts inside a sandbox. Both are the same to the system outside: root is free inside its namespaces alone.
import { Code, ConnectError } from '@connectrpc/connect';

export type AccountName = 'user' | 'root';

export interface Account {
  readonly name: AccountName;
  /** As seen inside. */
  readonly home: string;
}

const accounts: readonly Account[] = [
  { name: 'user', home: '/home/user' },
  { name: 'root', home: '/root' },
];

/** Finds an account by name; none named means `user`. Throws `unauthenticated` for one that is not offered. */
export function findAccount(name: string | undefined, offered: readonly AccountName[]): Account {
  const wanted = name === undefined || name === '' ? 'user' : name;
  const account = accounts.find((candidate) => candidate.name === wanted && offered.includes(candidate.name));
  if (account === undefined) throw new ConnectError(`invalid username: '${wanted}'`, Code.Unauthenticated);
  return account;
}

/** Expands what a client calls a directory; none named is the home. */
export function inHome(path: string | undefined, home: string): string {
  if (path === undefined || path === '' || path === '~') return home;
  if (path.startsWith('~/')) return `${home}/${path.slice(2)}`;
  return path.startsWith('/') ? path : `${home}/${path}`;
}
