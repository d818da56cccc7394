// What the developer copied from the registration or from the simulator: `.env`, read at build time.

/** An organization with a button of its own. */
export interface Tenant {
  name: string;
  id: string;
}

export interface Config {
  /** Scheme, host and port of the authority. */
  authorityHost: string;
  clientId: string;
  /** App ID URI, slash, scope name. */
  apiScope: string;
  apiBase: string;
  tenants: Tenant[];
}

/** A value is missing or is not what it should be; the message names it. */
export class ConfigError extends Error {}

export function readConfig(env: Record<string, string | undefined>): Config {
  return {
    authorityHost: origin(env, "VITE_AUTHORITY_HOST"),
    clientId: required(env, "VITE_CLIENT_ID"),
    apiScope: required(env, "VITE_API_SCOPE"),
    apiBase: origin(env, "VITE_API_BASE"),
    tenants: (env.VITE_TENANTS ?? "").split(",").filter(Boolean).map(tenant),
  };
}

function required(env: Record<string, string | undefined>, name: string): string {
  const value = env[name]?.trim();
  if (!value) throw new ConfigError(`${name} is not set`);
  return value;
}

/** The origin of an address: whoever pasted a whole authority or a final slash meant the same. */
function origin(env: Record<string, string | undefined>, name: string): string {
  const value = required(env, name);
  try {
    return new URL(value).origin;
  } catch {
    throw new ConfigError(`${name} is not an address: \`${value}\``);
  }
}

function tenant(text: string): Tenant {
  const [name, id] = text.split("=").map((part) => part.trim());
  if (!name || !id) throw new ConfigError(`VITE_TENANTS: expected name=tenant id, not \`${text}\``);
  return { name, id };
}
