/** Quiz: the view of `synthlab_widgets.Quiz`. */

import { button } from "../core/controls.ts";
import { h, uniqueId } from "../core/dom.ts";
import { choices, prose, Question } from "../core/question.ts";
import type { RenderContext } from "../core/types.ts";
import { format } from "../core/words.ts";

interface State {
  readonly answer: number | readonly number[] | null;
  readonly right: boolean | null;
  readonly notes: readonly string[];
}

/** What an answer is given with. */
interface Given {
  readonly element: HTMLElement;
  value(): number | number[] | null;
  /** Shows an answer, with what is said of each option. */
  show(state: State): void;
  enable(enabled: boolean): void;
}

const KINDS: Readonly<Record<string, (question: Question) => Given>> = {
  single: options,
  multiple: options,
  numeric: number,
  ordering: order,
};

function render({ model, el }: RenderContext): () => void {
  const question = new Question(model, "quiz");
  const { words, item } = question;
  const part = KINDS[item.kind]?.(question);
  if (part === undefined) throw new Error(`no kind of question: ${item.kind}`);
  const answer = button(words.answer ?? "", "answer", () => {
    const value = part.value();
    if (value !== null) question.commit(value);
  });
  const again = button(words.again ?? "", "again", () => {
    part.enable(true);
    toggle(false);
    part.element.querySelector<HTMLElement>("input, button")?.focus();
  });
  const toggle = (answered: boolean): void => {
    answer.hidden = answered;
    again.hidden = !answered || question.root.dataset.slRight === "true";
  };
  question.build(part.element, h("p", { class: "sl-controls" }, answer, again));
  el.replaceChildren(question.root);

  return question.follow<State>((state) => {
    const answered = state.answer !== null;
    question.root.dataset.slRight = String(state.right);
    part.enable(!answered);
    if (answered) part.show(state);
    const had = answer.contains(document.activeElement);
    toggle(answered);
    if (had && answered && !again.hidden) again.focus();
    question.outcome.replaceChildren();
    if (!answered) return;
    const [mark, word] = state.right ? ["✓", words.right] : ["✗", words.wrong];
    question.outcome.append(
      h(
        "p",
        { class: "sl-outcome" },
        h("span", { "aria-hidden": "true" }, `${mark} `),
        h("strong", {}, word ?? ""),
      ),
      ...state.notes.filter((note) => note !== "").map((note) => h("p", {}, prose(note))),
    );
  });
}

/** One or several of the options. */
function options({ item, words }: Question): Given {
  const single = item.kind === "single";
  const legend = (single ? words.one : words.several) ?? "";
  const { element, rows } = choices(item, single ? "radio" : "checkbox", legend);
  const chosen = () => rows.flatMap(({ input }, n) => (input.checked ? [n] : []));
  return {
    element,
    value: () => (single ? (chosen()[0] ?? null) : chosen()),
    show({ answer }) {
      const all = Array.isArray(answer) ? answer : [answer];
      for (const [n, { input }] of rows.entries()) input.checked = all.includes(n);
    },
    enable: (enabled) => element.toggleAttribute("disabled", !enabled),
  };
}

/** A number. */
function number({ words }: Question): Given {
  const input = h("input", {
    type: "number",
    step: "any",
    id: uniqueId(),
    dir: "ltr",
    "data-sl-action": "number",
  });
  return {
    element: h(
      "p",
      { class: "sl-field" },
      h("label", { for: input.id }, words.number ?? ""),
      input,
    ),
    value: () => (Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : null),
    show: ({ answer }) => {
      input.value = String(answer);
    },
    enable: (enabled) => {
      input.readOnly = !enabled;
    },
  };
}

/** The options in an order, moved by buttons: by pointer, by touch and by keyboard alike. */
function order({ item, words }: Question): Given {
  let now = [...(item.start ?? [])];
  let enabled = true;
  const list = h("ol", { class: "sl-order" });
  const spoken = h("p", { class: "sl-unseen", role: "status" });
  const draw = (): void => {
    list.replaceChildren(
      ...now.map((n, place) => {
        const option = item.options[n] ?? "";
        const move = (by: -1 | 1, word: string, sign: string) =>
          button(sign, `${by < 0 ? "up" : "down"}-${n}`, () => shift(place, by), {
            "aria-label": format(word, { option: option.replaceAll("`", "") }),
            disabled: !enabled || now[place + by] === undefined,
          });
        return h(
          "li",
          { "data-sl-option": String(n) },
          prose(option),
          h("span", {}, move(-1, words.up ?? "", "↑"), move(1, words.down ?? "", "↓")),
        );
      }),
    );
  };
  const shift = (place: number, by: -1 | 1): void => {
    const [moved] = now.splice(place, 1);
    if (moved === undefined) return;
    now.splice(place + by, 0, moved);
    draw();
    const option = (item.options[moved] ?? "").replaceAll("`", "");
    spoken.textContent = format(words.moved ?? "", { option, place: place + by + 1 });
    // The button that was pressed moved along, unless it has nowhere further to go.
    const buttons = [
      ...list.querySelectorAll<HTMLButtonElement>(`[data-sl-option="${moved}"] button`),
    ];
    const [up, down] = buttons;
    const same = by < 0 ? up : down;
    (same?.disabled ? (by < 0 ? down : up) : same)?.focus();
  };
  draw();
  return {
    element: h("div", {}, h("p", { class: "sl-note" }, words.order ?? ""), list, spoken),
    value: () => [...now],
    show: ({ answer }) => {
      if (Array.isArray(answer)) now = [...answer];
      draw();
    },
    enable: (value) => {
      enabled = value;
      draw();
    },
  };
}

export default { render };
