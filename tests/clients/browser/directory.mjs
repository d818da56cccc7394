// Who there is, from `GET /sim/directory`, so that no id and no password is written down twice.

export class Directory {
  constructor(everything) {
    this.everything = everything;
  }

  tenant(name) {
    return only(this.everything.tenants, (tenant) => tenant.name === name, `tenant ${name}`);
  }

  application(name) {
    return only(this.everything.applications, (app) => app.display_name === name, name);
  }

  /** Somebody of that tenant with exactly that app role; with none for `undefined`. */
  member(tenantName, role) {
    const { id, users } = this.tenant(tenantName);
    const wanted = (user) => user.home_tenant === id && user.roles.join() === (role ?? "");
    return only(users, wanted, `member of ${tenantName} with the role ${role}`);
  }

  /** The guest object in one tenant of somebody who lives in another, and the account at home. */
  guest(tenantName, homeName) {
    const home = this.tenant(homeName);
    const here = only(
      this.tenant(tenantName).users,
      (user) => user.home_tenant === home.id,
      `guest from ${homeName}`,
    );
    const name = here.upn.split("#EXT#")[0].replace("_", "@");
    return { here, home: only(home.users, (user) => user.upn === name, name) };
  }

  /** What a developer would copy into `.env.local`. */
  pageConfiguration(demo) {
    const tenants = ["Contoso", "Fabrikam"].map((name) => `${name}=${this.tenant(name).id}`);
    return {
      VITE_AUTHORITY_HOST: demo.https,
      VITE_CLIENT_ID: this.application("Tasks").app_id,
      VITE_API_SCOPE: `${this.application("Tasks API").identifier_uris[0]}/access_as_user`,
      VITE_API_BASE: demo.api,
      VITE_TENANTS: tenants.join(),
    };
  }
}

function only(candidates, wanted, description) {
  const found = candidates.find(wanted);
  if (!found) throw new Error(`the simulator's directory has no ${description}`);
  return found;
}
