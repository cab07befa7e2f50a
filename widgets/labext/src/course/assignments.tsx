/** A class's assignments, where nbgrader is configured for an exchange; else nothing. */

import React from "react";
import { when } from "./exchange.ts";
import type { Props } from "./props.ts";
import type { Assignment, Submission } from "./types.ts";
import { format } from "./words.ts";

export function Assignments(props: Props): React.ReactElement | null {
  const { state, course } = props;
  if (state.assignments === null) return null;
  return (
    <section aria-label={course.words.assignments} data-sl-part="assignments">
      <h3>{course.words.assignments}</h3>
      {state.assignments.length === 0 && <p>{course.words.no_assignments}</p>}
      <ol className="sl-units">
        {state.assignments.map((assignment) => (
          <Row key={`${assignment.course} ${assignment.id}`} assignment={assignment} {...props} />
        ))}
      </ol>
    </section>
  );
}

function Row({ assignment, ...props }: Props & { assignment: Assignment }): React.ReactElement {
  const { course, actions } = props;
  const { words } = course;
  const { title, fetched, submissions } = assignment;
  const first = assignment.notebooks[0];
  const named = (word: string | undefined) => `${word}: ${title}`;
  return (
    <li className="sl-unit" data-sl-assignment={assignment.id}>
      <p className="sl-name">
        <strong>{title}</strong>
      </p>
      <p className="sl-line">
        {!fetched && (
          <Button
            action="fetch"
            word={words.fetch}
            name={named(words.fetch)}
            act={() => actions.fetch(assignment)}
          />
        )}
        {first !== undefined && (
          <Button
            action="open-assignment"
            word={words.open}
            name={named(words.open)}
            act={() => actions.attempt(() => actions.open(first))}
          />
        )}
        {fetched && (
          <Button
            action="submit"
            word={words.submit}
            name={named(words.submit)}
            act={() => actions.submit(assignment)}
          />
        )}
        {submissions.length > 0 && (
          <Button
            action="feedback"
            word={words.feedback}
            name={named(words.feedback)}
            act={() => actions.feedback(assignment)}
          />
        )}
      </p>
      {submissions.length > 0 && (
        <ol className="sl-units">
          {submissions.map((submission) => (
            <Receipt key={submission.at} submission={submission} {...props} />
          ))}
        </ol>
      )}
    </li>
  );
}

function Receipt({
  submission,
  course,
  actions,
}: Props & { submission: Submission }): React.ReactElement {
  const { words } = course;
  const time = when(submission.at, course.language);
  return (
    <li data-sl-receipt={submission.receipt}>
      <p className="sl-note">
        <bdi>{format(words.receipt, { time })}</bdi>{" "}
        <code dir="ltr" lang="en">
          {submission.receipt}
        </code>
        {submission.waiting && <> · {words.feedback_waiting}</>}
      </p>
      {submission.pages.map((page) => (
        <Button
          key={page}
          action="feedback-page"
          word={words.open_feedback}
          name={`${words.open_feedback}: ${time}`}
          act={() => actions.attempt(() => actions.openPage(page))}
        />
      ))}
    </li>
  );
}

function Button(props: {
  action: string;
  word: string | undefined;
  name: string;
  act: () => unknown;
}): React.ReactElement {
  return (
    <button
      type="button"
      data-sl-action={props.action}
      aria-label={props.name}
      onClick={() => props.act()}
    >
      {props.word}
    </button>
  );
}
