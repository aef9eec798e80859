// What a watch remembers of one name, to tell afterwards what happened to it: the system says only that something did.
import type { BigIntStats } from 'node:fs';
import { EventType } from '../proto/filesystem_pb.ts';

export interface KnownEntry {
  /** Stays when the entry is renamed; undefined for one that was gone before it could be looked at. */
  readonly identity: string | undefined;
  readonly isDirectory: boolean;
  readonly rights: string;
  readonly content: string;
  readonly isEmpty: boolean;
  /** Its rights were the last thing seen to change. */
  readonly hasNewRights: boolean;
}

export const neverSeen: KnownEntry = {
  identity: undefined,
  isDirectory: false,
  rights: '',
  content: '',
  isEmpty: true,
  hasNewRights: false,
};

export function knownEntry(stats: BigIntStats): KnownEntry {
  return {
    // The number alone is used again as soon as it is free.
    identity: `${stats.ino}:${stats.birthtimeNs}`,
    isDirectory: stats.isDirectory(),
    rights: `${stats.mode}:${stats.uid}:${stats.gid}`,
    content: `${stats.size}:${stats.mtimeNs}`,
    isEmpty: stats.size === 0n,
    hasNewRights: false,
  };
}

/** Returns what a change of the same entry was; several changes may have been seen at once already. */
export function changesBetween(before: KnownEntry, now: KnownEntry): EventType[] {
  const changes = [
    ...(before.rights === now.rights ? [] : [EventType.CHMOD]),
    ...(before.content === now.content || now.isDirectory ? [] : [EventType.WRITE]),
  ];
  if (changes.length > 0) return changes;
  // An empty file has not been written to.
  return [before.hasNewRights || now.isEmpty || now.isDirectory ? EventType.CHMOD : EventType.WRITE];
}
