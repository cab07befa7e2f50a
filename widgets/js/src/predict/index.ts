/** Predict: the view of `synthlab_widgets.Predict`. First a commitment, then both together. */

import { button } from "../core/controls.ts";
import { h, uniqueId } from "../core/dom.ts";
import { choices, Question } from "../core/question.ts";
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

const KINDS: Readonly<Record<string, (question: Question) => Given>> = {
  number,
  choice,
  curve: sketch,
  density: sketch,
};

function render({ model, el }: RenderContext): () => void {
  const question = new Question(model, "predict");
  const { words, item } = question;
  const part = KINDS[item.kind]?.(question);
  if (part === undefined) throw new Error(`no kind of prediction: ${item.kind}`);
  const commit = button(words.commit ?? "", "commit", () => {
    const value = part.value();
    if (value !== null) question.commit(value);
  });
  const note = h("span", { class: "sl-note" }, words.commit_what ?? "");
  const controls = h("p", { class: "sl-controls" }, commit, note);
  question.build(part.element, controls);
  el.replaceChildren(question.root);

  const stop = question.follow<State>((state) => {
    const made = state.answer !== null;
    const shown = made && state.result !== null;
    question.root.dataset.slMade = String(made);
    question.root.dataset.slShown = String(shown);
    // The button goes, and who pressed it by keyboard must not lose their place.
    const held = controls.contains(document.activeElement);
    controls.hidden = made;
    part.show(state);
    question.outcome.replaceChildren();
    if (!made) return;
    const sentence = h("p");
    const [prediction, result] = [state.answer, state.result].map((value) =>
      item.kind === "choice" ? item.options[Number(value)] : value,
    );
    if (!shown) sentence.textContent = words.made ?? "";
    else if (typeof state.result !== "number") sentence.textContent = words.curves ?? "";
    else
      fill(sentence, words.both ?? "", { prediction: String(prediction), result: String(result) });
    question.outcome.append(sentence);
    question.outcome.tabIndex = -1;
    if (held) question.outcome.focus();
  });
  return () => {
    stop();
    part.destroy?.();
  };
}

/** A number, on a line with both once the result is there. */
function number({ item, words }: Question): Given {
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
function choice({ item, words }: Question): Given {
  const { element, rows } = choices(item, "radio", words.option ?? "");
  const marks = rows.map(({ label }) => label.appendChild(h("span", { class: "sl-marks" })));
  return {
    element,
    value: () => {
      const at = rows.findIndex(({ input }) => input.checked);
      return at < 0 ? null : at;
    },
    show({ answer, result }) {
      element.toggleAttribute("disabled", answer !== null);
      for (const [n, { input }] of rows.entries()) {
        if (answer !== null) input.checked = n === answer;
        const parts = [
          ...(answer === n ? [`● ${words.yours}`] : []),
          ...(result === n ? [`▲ ${words.result}`] : []),
        ];
        marks[n]?.replaceChildren(parts.join(" · "));
      }
    },
  };
}

function sketch(question: Question): Given {
  const drawing = new Sketch(question.item, question.words);
  return {
    element: drawing.element,
    value: () => drawing.values(),
    show: ({ answer, result }) =>
      drawing.show(answer as readonly number[] | null, result as readonly number[] | null),
    destroy: () => drawing.destroy(),
  };
}

export default { render };
