/** The lessons, each with how far it is: told by a shape and by words. */

import React from "react";
import type { Props } from "./props.ts";
import type { Unit } from "./types.ts";
import { count, format, SHAPES } from "./words.ts";

export function Lessons(props: Props): React.ReactElement {
  const { course } = props;
  return (
    <nav aria-label={course.words.lessons}>
      <h3>{course.words.lessons}</h3>
      <ol className="sl-units">
        {course.units.map((unit) => (
          <Lesson key={unit.id} unit={unit} {...props} />
        ))}
      </ol>
    </nav>
  );
}

function Lesson({ unit, state, course, actions }: Props & { unit: Unit }): React.ReactElement {
  const { words } = course;
  const open = (path: string) => () => actions.attempt(() => actions.open(path));
  const current = (path: string) => (state.path === path ? { "aria-current": true as const } : {});
  return (
    <li className="sl-unit" data-sl-unit={unit.id} data-sl-standing={unit.standing}>
      <p className="sl-name">
        <span className="sl-shape" aria-hidden="true">
          {SHAPES[unit.standing]}
        </span>
        <span>
          <strong>{unit.title}</strong>
          <span className="sl-note">
            {words[unit.standing]} · {count(words, "minutes", unit.minutes)} ·{" "}
            {format(words.points, { points: unit.earned, maximum: unit.points })}
          </span>
        </span>
      </p>
      <p className="sl-line">
        <button
          type="button"
          data-sl-action="lesson"
          onClick={open(unit.lesson)}
          {...current(unit.lesson)}
        >
          {words.lesson}
        </button>
        <button
          type="button"
          data-sl-action="exercise"
          onClick={open(unit.exercise)}
          {...current(unit.exercise)}
        >
          {words.exercise}
        </button>
      </p>
    </li>
  );
}
