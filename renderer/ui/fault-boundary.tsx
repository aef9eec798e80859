// Keeps a fault inside the part of the window where it happened: the header and KILL must outlive any screen.
import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';

interface Props {
  /** What is inside, for the message: "The chart". */
  readonly name: string;
  readonly children: ReactNode;
}

interface State {
  readonly fault: string | null;
}

/** Shows what failed and a way to try again, in place of children that threw. */
export class FaultBoundary extends Component<Props, State> {
  override state: State = { fault: null };

  static getDerivedStateFromError(error: unknown): State {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.fault === null) return this.props.children;
    return (
      <div
        role="alert"
        className="grid h-full flex-1 place-content-center justify-items-center gap-2 text-muted"
      >
        <p>{this.props.name} could not be drawn. The desk itself goes on.</p>
        <p className="max-w-[60ch] truncate text-label text-dim">{this.state.fault}</p>
        <Button onClick={() => this.setState({ fault: null })}>Try again</Button>
      </div>
    );
  }
}
