// The task list. Which controls it has follows from the permissions that the API names; the API enforces them anyway.

import type { Me, Task, TaskPage } from "../api";
import type { App } from "../app";
import { busy, button, el } from "../dom";
import { notice } from "./notice";

export function taskList(app: App, me: Me, page: TaskPage): HTMLElement {
  return new TaskList(app, me, page).card;
}

class TaskList {
  readonly card: HTMLElement;
  private readonly list = el("ul", { className: "plain", id: "tasks" });
  private readonly empty = el("p", { className: "soft", id: "no-tasks" }, "No tasks yet.");
  private readonly trouble = el("div", {});

  constructor(
    private readonly app: App,
    private readonly me: Me,
    page: TaskPage,
  ) {
    const [title, subtitle] = this.words();
    this.card = el(
      "section",
      { className: "card", "aria-labelledby": "tasks-title" },
      el("h2", { id: "tasks-title" }, title),
      el("p", { className: "soft", id: "tasks-subtitle" }, subtitle),
      this.trouble,
      this.may("tasks.create") && this.form(),
      this.list,
      this.empty,
    );
    this.add(page);
  }

  private words(): [title: string, subtitle: string] {
    if (this.may("tasks.read.all"))
      return ["All Tasks in My Organization", "Everybody’s tasks, of this organization only."];
    if (this.may("tasks.create")) return ["My Tasks", "Create and complete your own tasks."];
    return ["My Tasks", "Read-only: your role lets you look, not change."];
  }

  private may(permission: string): boolean {
    return this.me.permissions.includes(permission);
  }

  private add({ tasks, next }: TaskPage): void {
    this.list.append(...tasks.map((task) => this.row(task)));
    if (next) {
      const more = button(
        "Show more",
        () =>
          this.attempt(async () => {
            const page = await this.app.api.tasks(next);
            more.remove();
            this.add(page);
          }),
        { className: "quiet" },
      );
      this.card.append(more);
    }
    this.refresh();
  }

  private form(): HTMLElement {
    const field = el("input", {
      id: "new-task",
      name: "title",
      required: true,
      maxLength: 200,
      autocomplete: "off",
    });
    const submit = el("button", { type: "submit", className: "primary" }, "Add");
    const form = el(
      "form",
      { className: "field" },
      el("label", { htmlFor: "new-task" }, "New task"),
      el("div", { className: "row tight" }, field, submit),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void busy(submit, () =>
        this.attempt(async () => {
          this.list.append(this.row(await this.app.api.create(field.value)));
          field.value = "";
          this.refresh();
        }),
      ).then(() => field.focus());
    });
    return form;
  }

  private row(task: Task): HTMLElement {
    const row = el("li", { className: "task", "data-task": task.id });
    row.append(this.completion(task), this.description(task));
    if (this.may("tasks.delete.all")) row.append(this.deletion(task, row));
    return row;
  }

  private completion(task: Task): HTMLElement {
    const mayChange = this.may("tasks.change.all") || this.may("tasks.change.own");
    const box = el("input", {
      type: "checkbox",
      id: `done-${task.id}`,
      checked: task.completed,
      disabled: !mayChange,
    });
    box.addEventListener(
      "change",
      () =>
        void busy(box, async () => {
          const wanted = box.checked;
          box.checked = !wanted;
          await this.attempt(async () => {
            box.checked = (await this.app.api.complete(task.id, wanted)).completed;
          });
        }),
    );
    return box;
  }

  private description(task: Task): HTMLElement {
    const owner = this.may("tasks.read.all") && el("span", { className: "soft owner" }, task.owner_name);
    return el(
      "label",
      { className: "grow", htmlFor: `done-${task.id}` },
      el("span", { className: "title" }, task.title),
      owner,
    );
  }

  private deletion(task: Task, row: HTMLElement): HTMLElement {
    const remove = () =>
      this.attempt(async () => {
        await this.app.api.delete(task.id);
        row.remove();
        this.refresh();
      });
    return button("Delete", remove, { className: "quiet", "aria-label": `Delete “${task.title}”` });
  }

  private refresh(): void {
    this.empty.hidden = this.list.childElementCount > 0;
  }

  /** A refused change is told above the list, which stays. */
  private async attempt(run: () => Promise<void>): Promise<void> {
    this.trouble.replaceChildren();
    try {
      await run();
    } catch (error) {
      this.trouble.replaceChildren(notice(this.app.explain(error), this.app));
    }
  }
}
