// Copies of given files in the desk's own form, kept so that a file which has not changed is read once.
import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';

/** A file that is being written may change once more within a tick of its own clock. */
const settledMs = 2_000;
const unusedMs = 7 * 86_400_000;
const mostBytes = 20 * 1_024 ** 3;
/** Raised when an import reads the same bytes differently than before. */
const importRules = 1;

/** A file as it is at one moment: with any change of its bytes this changes too. */
export interface FileIdentity {
  readonly key: string;
  readonly changedAt: number;
  readonly bytes: number;
}

export interface KeptImports {
  /** What the file is now, read with these options; null when there is no such file. */
  identify(file: string, options: object): FileIdentity | null;
  /** Puts the copy at `target`; false when there is none, or the disk cannot share it. */
  take(identity: FileIdentity, target: string): boolean;
  /** Keeps what was read at `target`, provided the file did not change meanwhile nor just before `startedAt`. */
  keep(before: FileIdentity, after: FileIdentity | null, startedAt: number, target: string): void;
  /** Forgets a copy that turned out to be damaged. */
  forget(identity: FileIdentity): void;
}

/** Opens the folder; it is made with the first copy. */
export function createKeptImports(folder: string, clock: Clock): KeptImports {
  const pathOf = ({ key }: FileIdentity): string => join(folder, `${key}.bars`);

  function markUsed(path: string): void {
    const seconds = clock.now() / 1_000;
    utimesSync(path, seconds, seconds);
  }

  /** The longest unused go first. */
  function forgetOld(): void {
    const copies = readdirSync(folder).flatMap((name) => {
      const stat = statSync(join(folder, name), { throwIfNoEntry: false });
      return stat ? [{ path: join(folder, name), usedAt: stat.mtimeMs, bytes: stat.size }] : [];
    });
    let bytes = 0;
    for (const copy of copies.sort((one, other) => other.usedAt - one.usedAt)) {
      bytes += copy.bytes;
      if (bytes > mostBytes || clock.now() - copy.usedAt > unusedMs) rmSync(copy.path, { force: true });
    }
  }

  return {
    identify(file, options) {
      const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
      if (!stat?.isFile()) return null;
      const { dev, ino, size, mtimeNs, ctimeNs } = stat;
      const facts = [importRules, dev, ino, size, mtimeNs, ctimeNs, JSON.stringify(options)].join(' ');
      const newest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
      return {
        key: createHash('sha256').update(facts).digest('hex').slice(0, 40),
        changedAt: Number(newest / 1_000_000n),
        bytes: Number(size),
      };
    },
    take(identity, target) {
      try {
        // Linked, not named: what is forgotten meanwhile stays with who uses it.
        linkSync(pathOf(identity), target);
        markUsed(target);
        return true;
      } catch {
        rmSync(target, { force: true });
        return false;
      }
    },
    keep(before, after, startedAt, target) {
      if (before.key !== after?.key || startedAt - before.changedAt < settledMs) return;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      try {
        linkSync(target, pathOf(before));
        markUsed(target);
      } catch {
        // Another run kept it first, or the disk knows no links: nothing is lost but time.
        return;
      }
      forgetOld();
    },
    forget: (identity) => rmSync(pathOf(identity), { force: true }),
  };
}
