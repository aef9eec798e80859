// `sudo` inside a sandbox: programs of the machine cannot give an account rights it does not have, so this one makes
// root of the account in a namespace below the sandbox's own, as a command that a client starts as root is.
import { asRoot } from './shell-orders.ts';

/** Where programs of our own are, as seen inside. */
export const ownPrograms = '/opt/sandbox/bin';

/** Runs a command as root, with an environment of its own unless told to keep the caller's. */
export const sudoScript = `#!/bin/sh
keep=
account=root
while :; do
  case "$1" in
    -E | --preserve-env) keep=yes; shift ;;
    -u) account=$2; shift 2 ;;
    --user=*) account=\${1#--user=}; shift ;;
    -i | -s | -H | -n | -S | -k) shift ;;
    --) shift; break ;;
    -*) echo "sudo: option $1 is not known in a local sandbox" >&2; exit 1 ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || set -- /bin/bash
case "$account" in
  root) set -- HOME=/root USER=root LOGNAME=root SUDO_USER=user ${asRoot} /usr/bin/env "$@" ;;
  user) set -- HOME=/home/user USER=user LOGNAME=user "$@" ;;
  *) echo "sudo: unknown user $account" >&2; exit 1 ;;
esac
[ -n "$keep" ] || set -- -i PATH="$PATH" TERM="\${TERM:-dumb}" "$@"
exec /usr/bin/env "$@"
`;
