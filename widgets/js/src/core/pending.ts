/** Commands of a view that have not been answered yet. */

/** Answers add up: one to a command answers all before it, so a lost answer does no harm. */
export class Pending {
  /** What is to be asked when nothing is under way any more. */
  later: (() => void) | null = null;
  private sent = 0;
  private answered = 0;

  /** The number of the next command. */
  next(): number {
    this.sent += 1;
    return this.sent;
  }

  /** Whether a command is under way. */
  get busy(): boolean {
    return this.answered < this.sent;
  }

  /** Takes the number of the last handled command; returns whether all are answered now. */
  heard(number: number): boolean {
    this.answered = Math.max(this.answered, number);
    if (this.busy) return false;
    const later = this.later;
    this.later = null;
    later?.();
    return !this.busy;
  }

  /** Nothing will be answered any more. */
  forget(): void {
    this.later = null;
    this.answered = this.sent;
  }
}
