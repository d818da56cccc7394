// The tasks API, as far as this page uses it (docs/guide/tasks.md).

import type { Auth } from "./auth";

/** `GET /api/me` */
export interface Me {
  tenant_id: string;
  display_name: string | null;
  membership: "member" | "guest";
  roles: string[];
  scopes: string[];
  permissions: string[];
}

export interface Task {
  id: string;
  title: string;
  completed: boolean;
  owner_id: string;
  owner_name: string;
}

/** Some tasks, and where the next ones are. */
export interface TaskPage {
  tasks: Task[];
  next: string | undefined;
}

/** The API answered, but not with what was asked for (RFC 9457). */
export class ApiRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(`the API answered ${status} ${code}`);
  }
}

/** The API did not answer, or the browser kept its answer from this page. */
export class ApiUnreachable extends Error {}

export class Api {
  constructor(
    private readonly base: string,
    private readonly auth: Auth,
  ) {}

  async me(): Promise<Me> {
    return (await this.call("GET", "/api/me")).json();
  }

  /** The first tasks, or those that `next` of the page before leads to. */
  async tasks(next = "/api/tasks"): Promise<TaskPage> {
    const answer = await this.call("GET", next);
    return { tasks: await answer.json(), next: nextPage(answer.headers.get("Link")) };
  }

  async create(title: string): Promise<Task> {
    return (await this.call("POST", "/api/tasks", { title })).json();
  }

  async complete(id: string, completed: boolean): Promise<Task> {
    return (await this.call("PATCH", `/api/tasks/${id}`, { completed })).json();
  }

  async delete(id: string): Promise<void> {
    await this.call("DELETE", `/api/tasks/${id}`);
  }

  private async call(method: string, path: string, body?: object): Promise<Response> {
    const { accessToken } = await this.auth.token();
    const headers = new Headers({ Authorization: `Bearer ${accessToken}` });
    if (body) headers.set("Content-Type", "application/json");
    const answer = await this.send(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!answer.ok) throw await refusal(answer);
    return answer;
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(this.base + path, init);
    } catch (error) {
      throw new ApiUnreachable(this.base, { cause: error });
    }
  }
}

async function refusal(answer: Response): Promise<ApiRefusal> {
  const problem: { code?: string; title?: string; detail?: string } = await answer.json().catch(() => ({}));
  return new ApiRefusal(answer.status, problem.code ?? "unknown", problem.detail ?? problem.title ?? "");
}

/** RFC 8288: `</api/tasks?after=…>; rel="next"`. A path only, so that no token follows a link elsewhere. */
function nextPage(link: string | null): string | undefined {
  return /<(\/[^/>][^>]*)>;\s*rel="next"/.exec(link ?? "")?.[1];
}
