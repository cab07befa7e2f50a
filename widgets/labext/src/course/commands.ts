/** The commands: each is in the palette and has keys (schema/course.json). */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import type { ICommandPalette } from "@jupyterlab/apputils";
import type { Actions } from "./actions.ts";
import { neighbour, type Store } from "./store.ts";
import { format } from "./words.ts";

interface Command {
  /** The entry among the words. */
  readonly word: string;
  readonly run: () => unknown;
  readonly enabled?: () => boolean;
  readonly caption?: string;
  /** What the button says, when it is not the word. */
  readonly label?: () => string;
  readonly visible?: () => boolean;
  /** Whether it stands in the toolbar of the course's notebooks alone. */
  readonly notebook?: boolean;
}

export function addCommands(
  app: JupyterFrontEnd,
  palette: ICommandPalette | null,
  store: Store,
  actions: Actions,
  show: (part?: string) => void,
): void {
  const words = () => store.words;
  const running = () => store.state.check?.running === true;
  const inNotebook = () => actions.panel !== null;
  const inClass = () => store.state.assignments !== null;
  const commands: Record<string, Command> = {
    "synthlab:show": { word: "show_course", run: () => show() },
    "synthlab:check": {
      word: "check",
      caption: "check_what",
      run: actions.check,
      enabled: () => !running(),
      notebook: true,
    },
    "synthlab:stop": { word: "stop", run: actions.stop, enabled: running },
    "synthlab:hint": { word: "hint", run: () => actions.hint() },
    "synthlab:next": {
      word: "next",
      run: () => actions.go(1),
      enabled: () => neighbour(store.state, 1) !== null,
    },
    "synthlab:previous": {
      word: "previous",
      run: () => actions.go(-1),
      enabled: () => neighbour(store.state, -1) !== null,
    },
    "synthlab:reset": { word: "reset", run: () => show("reset"), enabled: inNotebook },
    "synthlab:glossary": { word: "glossary", run: () => show("glossary") },
    "synthlab:stored": { word: "stored", run: () => show("stored") },
    "synthlab:fetch": { word: "fetch", run: () => actions.fetch(), visible: inClass },
    "synthlab:submit": { word: "submit", run: () => actions.submit(), visible: inClass },
    "synthlab:feedback": { word: "feedback", run: () => actions.feedback(), visible: inClass },
    "synthlab:switch-language": {
      word: "switch",
      label: () => format(words().switch, { language: actions.otherLanguage?.name ?? "" }),
      run: actions.switchLanguage,
      enabled: inNotebook,
      notebook: true,
    },
    "synthlab:direction": {
      word: "direction",
      label: () => words()[actions.otherDirection === "rtl" ? "to_rtl" : "to_ltr"] ?? "",
      run: actions.direct,
      enabled: inNotebook,
      notebook: true,
    },
  };
  for (const [id, { word, run, enabled, caption, label, notebook, visible }] of Object.entries(
    commands,
  )) {
    const text = label ?? (() => words()[word] ?? "");
    app.commands.addCommand(id, {
      label: text,
      caption: () => (caption === undefined ? text() : (words()[caption] ?? "")),
      execute: run,
      ...(enabled === undefined ? {} : { isEnabled: enabled }),
      ...(notebook ? { isVisible: inNotebook } : {}),
      ...(visible === undefined ? {} : { isVisible: visible, isEnabled: visible }),
    });
  }

  // The palette names its groups once: in the course's language, as soon as that is known.
  let category = "";
  let items: { dispose(): void }[] = [];
  store.subscribe(() => {
    for (const id of Object.keys(commands)) app.commands.notifyCommandChanged(id);
    const course = words().course ?? "";
    if (palette === null || course === category || course === "") return;
    category = course;
    for (const item of items) item.dispose();
    items = Object.keys(commands).map((command) => palette.addItem({ command, category }));
  });
}
