/** Predict: the view of `synthlab_widgets.Predict`. First a commitment, then both together. */

import { Frame, prose } from "../core/asked.ts";
import { button } from "../core/controls.ts";
import { h, uniqueId } from "../core/dom.ts";
import type { RenderContext } from "../core/types.ts";
import { fill } from "../core/words.ts";
import { Line } from "./line.ts";
import { Sketch } from "./sketch.ts";

type Value = number | readonly number[] | null;

interface State {
  readonly answer: Value;
  readonly result: Value;
}

/** What a prediction is made with, and shown beside the result. */
interface Given {
  readonly element: HTMLElement;
  value(): Value;
  show(state: State): void;
  destroy?(): void;
}

const KINDS: Readonly<Record<string, (frame: Frame) => Given>> = {
  number,
  choice,
  curve: sketch,
  density: sketch,
};

function render({ model, el }: RenderContext): () => void {
  const frame = new Frame(model, "predict");
  const { words, item } = frame;
  const part = KINDS[item.kind]?.(frame);
  if (part === undefined) throw new Error(`no kind of prediction: ${item.kind}`);
  const commit = button(words.commit ?? "", "commit", () => {
    const value = part.value();
    if (value !== null) frame.commit(value);
  });
  const note = h("span", { class: "sl-note" }, words.commit_what ?? "");
  const controls = h("p", { class: "sl-controls" }, commit, note);
  frame.build(part.element, controls);
  el.replaceChildren(frame.root);

  const stop = frame.follow<State>((state) => {
    const made = state.answer !== null;
    const shown = made && state.result !== null;
    frame.root.dataset.slMade = String(made);
    frame.root.dataset.slShown = String(shown);
    // The button goes, and who pressed it by keyboard must not lose their place.
    const held = controls.contains(document.activeElement);
    controls.hidden = made;
    part.show(state);
    frame.told.replaceChildren();
    if (!made) return;
    const said = h("p");
    const [prediction, result] = [state.answer, state.result].map((value) =>
      item.kind === "choice" ? item.options[Number(value)] : value,
    );
    if (!shown) said.textContent = words.made ?? "";
    else if (typeof state.result !== "number") said.textContent = words.curves ?? "";
    else fill(said, words.both ?? "", { prediction: String(prediction), result: String(result) });
    frame.told.append(said);
    frame.told.tabIndex = -1;
    if (held) frame.told.focus();
  });
  return () => {
    stop();
    part.destroy?.();
  };
}

/** A number, on a line with both once the result is there. */
function number({ item, words }: Frame): Given {
  const [low, high, step] = [item.low ?? 0, item.high ?? 1, item.step ?? 1];
  const input = h("input", {
    type: "number",
    id: uniqueId(),
    dir: "ltr",
    min: String(low),
    max: String(high),
    step: String(step),
    "data-sl-action": "number",
  });
  const line = new Line(low, high, words);
  return {
    element: h(
      "div",
      {},
      h("p", { class: "sl-field" }, h("label", { for: input.id }, words.option ?? ""), input),
      line.element,
    ),
    value: () => (input.value !== "" && input.validity.valid ? input.valueAsNumber : null),
    show({ answer, result }) {
      input.readOnly = answer !== null;
      if (typeof answer === "number") input.value = String(answer);
      line.draw(answer as number | null, result as number | null);
    },
  };
}

/** One of the options; the one that came out is marked beside the one that was expected. */
function choice({ item, words }: Frame): Given {
  const name = uniqueId();
  const rows = item.options.map((option, n) => {
    const input = h("input", {
      type: "radio",
      name,
      id: uniqueId(),
      "data-sl-action": `option-${n}`,
    });
    const marks = h("span", { class: "sl-marks" });
    return { input, marks, row: h("label", { for: input.id }, input, prose(option), marks) };
  });
  const element = h(
    "fieldset",
    { class: "sl-options" },
    h("legend", {}, words.option ?? ""),
    ...rows.map(({ row }) => row),
  );
  return {
    element,
    value: () => {
      const at = rows.findIndex(({ input }) => input.checked);
      return at < 0 ? null : at;
    },
    show({ answer, result }) {
      element.toggleAttribute("disabled", answer !== null);
      for (const [n, { input, marks }] of rows.entries()) {
        if (answer !== null) input.checked = n === answer;
        const said = [
          ...(answer === n ? [`● ${words.yours}`] : []),
          ...(result === n ? [`▲ ${words.result}`] : []),
        ];
        marks.textContent = said.join(" · ");
      }
    },
  };
}

function sketch(frame: Frame): Given {
  const drawing = new Sketch(frame.item, frame.words);
  return {
    element: drawing.element,
    value: () => drawing.values(),
    show: ({ answer, result }) =>
      drawing.show(answer as readonly number[] | null, result as readonly number[] | null),
    destroy: () => drawing.destroy(),
  };
}

export default { render };
