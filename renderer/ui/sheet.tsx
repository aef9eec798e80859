// A modal dialog over the window. Without radix's Overlay, which would inject a <style> that the content policy refuses.
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export interface SheetProps {
  /** What a screen reader says after the title. */
  readonly description: string;
  readonly open: boolean;
  /** Escape, or a press outside. */
  readonly onClose: () => void;
  /** `alert` for what ends things: a press outside does not close it. `tool` for what takes every key: Escape neither. */
  readonly kind?: 'plain' | 'alert' | 'tool';
  readonly className?: string;
  readonly children: ReactNode;
}

/** Shows its children in a centred sheet. Focus goes to the first control inside and stays there until it closes. */
export function Sheet(props: SheetProps) {
  return (
    <Dialog.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <div className="fixed inset-x-0 top-11 bottom-6 z-50 bg-veil" />
        <div className="fixed inset-x-0 top-11 bottom-6 z-50 grid place-items-center overflow-y-auto p-6">
          <Dialog.Content
            role={props.kind === 'alert' ? 'alertdialog' : 'dialog'}
            onInteractOutside={(event) => {
              if (props.kind === 'alert' || props.kind === 'tool') event.preventDefault();
            }}
            onEscapeKeyDown={(event) => {
              if (props.kind === 'tool') event.preventDefault();
            }}
            className={classNames(
              'max-w-full rounded-sheet border border-line bg-surface shadow-overlay outline-none',
              props.className,
            )}
          >
            <Dialog.Description className="sr-only">{props.description}</Dialog.Description>
            {props.children}
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The heading that names the surrounding sheet. */
export function SheetTitle(props: { readonly className?: string; readonly children: ReactNode }) {
  return (
    <Dialog.Title className={classNames('text-section font-semibold', props.className)}>
      {props.children}
    </Dialog.Title>
  );
}
