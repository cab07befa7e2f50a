/** The questions of the unit in view: points, Check my work, results and hints. */

import React from "react";
import type { Props } from "./props.ts";
import { type Check as CheckState, type State, unitInView } from "./store.ts";
import type { Question } from "./types.ts";
import { bare, format, SHAPES } from "./words.ts";

export function Questions(props: Props): React.ReactElement | null {
  const { state, course } = props;
  const unit = unitInView(state);
  if (unit === null) return null;
  return (
    <section aria-label={course.words.questions}>
      <h3>{course.words.questions}</h3>
      <Check {...props} exercise={unit.exercise} />
      <ol className="sl-questions">
        {unit.questions.map((question) => (
          <Row key={question.id} question={question} exercise={unit.exercise} {...props} />
        ))}
      </ol>
    </section>
  );
}

/** The check of the unit's exercise, or of the notebook in view: a class's is another file. */
function shown({ check, path }: State, exercise: string): CheckState | null {
  return check?.path === exercise || check?.path === path ? check : null;
}

function Check({ state, course, actions, exercise }: Props & { exercise: string }) {
  const { words } = course;
  const check = shown(state, exercise);
  const running = check?.running === true;
  const now = course.units
    .flatMap(({ questions }) => questions)
    .find(({ id }) => id === check?.question);
  // A hint stands with its question; up here it would be there twice.
  const hints = course.units.flatMap(({ questions }) => questions.flatMap((q) => q.ladder.shown));
  const twice = hints.some((hint) => bare(hint) === state.said);
  const done = Object.keys(check?.statuses ?? {}).length;
  return (
    <div className="sl-check" data-sl-check={running ? "running" : "idle"}>
      <div className="sl-line">
        <button
          type="button"
          className="sl-main"
          data-sl-action="check"
          disabled={running}
          title={words.check_what}
          onClick={actions.check}
        >
          {words.check}
        </button>
        {running && (
          <button type="button" data-sl-action="stop" onClick={actions.stop}>
            {words.stop}
          </button>
        )}
      </div>
      {running && (
        <>
          <progress aria-label={words.check} max={check.count} value={done} />
          <p className="sl-note">
            {now === undefined ? words.starting : format(words.checking, { title: now.title })}
          </p>
        </>
      )}
      {state.where !== null && (
        <p className="sl-note" data-sl-part="where">
          {state.where}
        </p>
      )}
      {state.said !== "" && state.said !== state.where && !twice && (
        <p className="sl-said" data-sl-part="said">
          {state.said}
        </p>
      )}
    </div>
  );
}

function Row({
  question,
  exercise,
  state,
  course,
  actions,
}: Props & { question: Question; exercise: string }): React.ReactElement {
  const { words } = course;
  const fresh = shown(state, exercise)?.statuses[question.id];
  const status = fresh ?? question.status ?? "unchecked";
  return (
    <li className="sl-question" data-sl-question={question.id} data-sl-status={status}>
      <button
        type="button"
        className="sl-link"
        data-sl-action="question"
        onClick={() => actions.goToQuestion(question.id)}
      >
        {question.title}
      </button>
      {question.automatic ? (
        <p className="sl-note">
          <span className={`sl-shape sl-is-${status}`} aria-hidden="true">
            {SHAPES[status]}
          </span>
          {words[status]} ·{" "}
          {format(question.extra ? words.extra_points : words.points, {
            points: question.earned,
            maximum: question.points,
          })}
        </p>
      ) : (
        <p className="sl-note">{words.by_person}</p>
      )}
      <Hints question={question} course={course} actions={actions} />
    </li>
  );
}

/** The ladder: what is not right, a nudge, the method. It is counted, and costs nothing. */
function Hints({
  question,
  course,
  actions,
}: Pick<Props, "course" | "actions"> & { question: Question }): React.ReactElement | null {
  const { words } = course;
  const { goal, shown, left } = question.ladder;
  if (goal === null) return null;
  const first = shown.length === 0;
  const name = format(first ? words.hint_for : words.hint_more_for, { title: question.title });
  return (
    <div className="sl-hints">
      {shown.length > 0 && (
        <ol>
          {[goal, ...shown].map((sentence) => (
            <li key={sentence}>
              <Sentence text={sentence} />
            </li>
          ))}
        </ol>
      )}
      <p className="sl-line">
        {left > 0 && (
          <button
            type="button"
            data-sl-action="hint"
            aria-label={name}
            onClick={() => actions.hint(question.id)}
          >
            {first ? words.hint : words.hint_more}
          </button>
        )}
        {question.hints > 0 && (
          <span className="sl-note">{format(words.hints_seen, { count: question.hints })}</span>
        )}
      </p>
    </div>
  );
}

/** A sentence with `code` in it. */
function Sentence({ text }: { text: string }): React.ReactElement {
  return (
    <bdi>
      {text.split("`").map((part, i) =>
        i % 2 === 1 ? (
          <code key={i} dir="ltr">
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </bdi>
  );
}
