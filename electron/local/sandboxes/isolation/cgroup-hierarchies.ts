// Finds where in the system's control groups this process may make groups of its own.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { systemCode } from '../envd/faults.ts';

/** One tree of groups: the unified one, or one of the old ones with the controllers it is for. */
export interface Hierarchy {
  readonly kind: 'unified' | 'old';
  readonly controllers: readonly string[];
  /** Our own group in it. */
  readonly directory: string;
}

/** Makes a group called `name` wherever that is allowed; empty where control groups do not exist. */
export function openHierarchies(name: string): Hierarchy[] {
  if (process.platform !== 'linux') return [];
  const own = ownGroups(readFileSync('/proc/self/cgroup', 'utf8'));
  return mountedTrees(readFileSync('/proc/self/mountinfo', 'utf8')).flatMap((tree) => {
    const group = own.get(tree.kind === 'unified' ? '' : (tree.controllers[0] ?? ''));
    if (group === undefined) return [];
    const directory = join(tree.mountPoint, relative(tree.root, group));
    const opened = openGroup(tree.kind, tree.mountPoint, directory, name);
    if (opened === undefined) return [];
    const controllers = tree.kind === 'unified' ? delegate(opened) : tree.controllers;
    return [{ kind: tree.kind, controllers, directory: opened }];
  });
}

interface Tree {
  readonly kind: 'unified' | 'old';
  readonly controllers: readonly string[];
  readonly mountPoint: string;
  /** The group that is seen at the mount point. */
  readonly root: string;
}

function mountedTrees(mountinfo: string): Tree[] {
  return mountinfo.split('\n').flatMap((line): Tree[] => {
    const [place = '', source = ''] = line.split(' - ');
    const [, , , root, mountPoint] = place.split(' ');
    const [type, , options = ''] = source.split(' ');
    if (root === undefined || mountPoint === undefined) return [];
    if (type === 'cgroup2') return [{ kind: 'unified', controllers: [], mountPoint, root }];
    const controllers = options.split(',').filter((option) => ['memory', 'cpu', 'freezer'].includes(option));
    return type === 'cgroup' && controllers.length > 0
      ? [{ kind: 'old', controllers, mountPoint, root }]
      : [];
  });
}

/** Returns our group by controller; the unified one under the empty name. */
function ownGroups(text: string): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of text.trim().split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    for (const controller of controllers.split(',')) groups.set(controller, path);
  }
  return groups;
}

// In the unified tree a group with processes cannot limit groups below it: ours goes beside the one we are in.
function openGroup(kind: Tree['kind'], top: string, own: string, name: string): string | undefined {
  const parents = kind === 'unified' && own !== top ? [join(own, '..'), own] : [own];
  for (const parent of parents) {
    const directory = join(parent, name);
    try {
      mkdirSync(directory);
      return directory;
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return directory;
    }
  }
  return undefined;
}

/** Asks for the controllers we use and returns those there are. */
function delegate(directory: string): string[] {
  return ['memory', 'cpu'].filter((controller) => {
    try {
      writeFileSync(join(directory, 'cgroup.subtree_control'), `+${controller}`);
      return true;
    } catch {
      return false;
    }
  });
}
