import { KeyHint } from '../ui/key-hint.tsx';
import { Sheet, SheetTitle } from '../ui/sheet.tsx';

const groups = [
  {
    title: 'Go to',
    rows: [
      ['Overview', 'G O'],
      ['Fleet', 'G F'],
      ['Trading', 'G T'],
      ['Research', 'G R'],
      ['Deploy a swarm', 'G D'],
    ],
  },
  {
    title: 'Do',
    rows: [
      ['Open the kill sheet', 'Ctrl .'],
      ['Deploy', 'N'],
      ['Confirm in the deploy sheet', 'Ctrl Enter'],
      ['Dark or light', 'T'],
    ],
  },
  {
    title: 'In the fleet and in trading',
    rows: [
      ['Filter', '/'],
      ['Next, previous row', 'J K'],
      ['Close the inspector', 'Esc'],
    ],
  },
  {
    title: 'In a terminal',
    rows: [['Open the kill sheet', 'Ctrl .']],
  },
  {
    title: 'Anywhere',
    rows: [
      ['These shortcuts', '?'],
      ['Close what is on top', 'Esc'],
    ],
  },
] as const;

export function ShortcutSheet(props: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Sheet
      description="Keys of this window. Single letters are off while you type."
      open={props.open}
      onClose={props.onClose}
      className="w-[560px] p-6"
    >
      <SheetTitle>Keyboard shortcuts</SheetTitle>
      <div className="mt-4 grid grid-cols-2 gap-x-8 gap-y-5">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 text-label text-dim">{group.title}</h3>
            <dl>
              {group.rows.map(([name, keys]) => (
                <div key={name} className="flex h-7 items-center border-b hairline">
                  <dt className="text-muted">{name}</dt>
                  <dd className="ml-auto">
                    <KeyHint keys={keys} className="text-text" />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="mt-4 text-label text-dim">
        Single letters are off while you type. No letter alone ends anything. In a terminal every other key
        goes to the shell; its close button ends it.
      </p>
    </Sheet>
  );
}
