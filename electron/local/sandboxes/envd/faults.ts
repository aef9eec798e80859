// Failures as the file and process services word them: a Connect code and a message, also used by the plain HTTP routes.
import { Code, ConnectError } from '@connectrpc/connect';

/** Thrown texts are compared by clients: keep them as they are. */
export function notFound(path: string): ConnectError {
  return new ConnectError(`path '${path}' does not exist`, Code.NotFound);
}

export function isDirectory(path: string): ConnectError {
  return new ConnectError(`path '${path}' is a directory`, Code.InvalidArgument);
}

export function notDirectory(path: string): ConnectError {
  return new ConnectError(`path '${path}' is not a directory`, Code.InvalidArgument);
}

/** Returns the system's error name (`ENOENT`), or undefined when the value is no system error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Words a system error about `path`; anything unknown stays an internal error. */
export function toFault(error: unknown, path: string): ConnectError {
  if (error instanceof ConnectError) return error;
  switch (systemCode(error)) {
    case 'ENOENT':
      return notFound(path);
    case 'EISDIR':
      return isDirectory(path);
    case 'ENOTDIR':
      return notDirectory(path);
    case 'ELOOP':
      return new ConnectError(`path '${path}' has too many symbolic links`, Code.InvalidArgument);
    case 'ENAMETOOLONG':
      return new ConnectError(`path '${path}' is too long`, Code.InvalidArgument);
    case 'ENXIO':
      return new ConnectError(`path '${path}' is not a regular file`, Code.InvalidArgument);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new ConnectError(`permission denied on '${path}'`, Code.PermissionDenied);
    case 'ENOSPC':
    case 'EDQUOT':
      return new ConnectError(`not enough disk space for '${path}'`, Code.ResourceExhausted);
    default:
      return ConnectError.from(error, Code.Internal);
  }
}
