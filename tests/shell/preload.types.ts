// Read by the type checker alone: the preload script exposes what the page expects.
import type { ExposedDesk } from '../../electron/preload.ts';
import type { DeskBridge } from '../../renderer/bridge.ts';

export const exposed = (desk: ExposedDesk): DeskBridge => desk;
