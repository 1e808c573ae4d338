// A provider of OpenID Connect for the tests, which looks like ClaveÚnica: its addresses, scopes and
// claims. Whoever is asked to sign in says as whom, by `?as=` of the page that asks, or by its form;
// there is no password, and nobody is who does not want to. `node provider.mjs ADDRESS`, the application's; prints its own address.

import { createServer } from "node:http";
import { Provider } from "oidc-provider";

// It warns of what a test may do, into a pipe that nobody reads.
console.info = console.warn = () => {};

const application = process.argv[2];
const PAGE = `<!doctype html><html lang="es"><title>Identidad de ensayo</title><form>
<label>RUN sin dígito <input name="as"></label><button>Continuar</button></form></html>`;
const callback = `${application}/api/session/oidc/callback`;
const after = `${application}/api/session/oidc/back`;

const server = createServer().listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration());
  const protocol = provider.callback();
  server.on("request", (request, response) => {
    const url = new URL(request.url, issuer);
    if (url.pathname.startsWith("/interaction/")) {
      return interact(provider, request, response, url.searchParams.get("as"));
    }
    if (url.pathname === "/api/v1/accounts/app/logout") {
      return leave(response, url.searchParams.get("redirect"));
    }
    // As ClaveÚnica says it, which gives what it knows by POST alone.
    if (url.pathname === "/openid/userinfo/" && request.method !== "POST") {
      return response.writeHead(405).end();
    }
    return protocol(request, response);
  });
  console.log(issuer);
});

function configuration() {
  const client = (id, method) => ({
    client_id: id,
    client_secret: "secreto de ensayo, ninguno de verdad",
    grant_types: ["authorization_code"],
    response_types: ["code"],
    redirect_uris: [callback],
    post_logout_redirect_uris: [after],
    token_endpoint_auth_method: method,
  });
  return {
    clients: [client("clave", "client_secret_post"), client("estandar", "client_secret_basic")],
    clientAuthMethods: ["client_secret_basic", "client_secret_post"],
    pkce: { required: (_, { clientId }) => clientId === "estandar" },
    scopes: ["openid", "run", "name"],
    claims: { openid: ["sub"], run: ["RolUnico"], name: ["name"] },
    routes: {
      authorization: "/openid/authorize/",
      token: "/openid/token/",
      userinfo: "/openid/userinfo/",
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ["only for tests"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => claims(id) }),
    loadExistingGrant,
  };
}

// Nobody is asked whether the application may know who they are.
async function loadExistingGrant({ oidc }) {
  const { clientId } = oidc.client;
  const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope("openid run name");
  await grant.save();
  return grant;
}

function claims(id) {
  return {
    sub: id,
    RolUnico: { numero: Number(id), DV: checkDigit(id), tipo: "RUN" },
    name: { nombres: ["Persona"], apellidos: ["De Ensayo"] },
  };
}

function checkDigit(id) {
  const sum = [...id].reverse().reduce((sum, digit, at) => sum + Number(digit) * (2 + (at % 6)), 0);
  return "0123456789K"[(11 - (sum % 11)) % 11];
}

function interact(provider, request, response, id) {
  if (id === null) {
    return response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PAGE);
  }
  const result = id ? { login: { accountId: id } } : { error: "access_denied" };
  return provider.interactionFinished(request, response, result);
}

function leave(response, to) {
  if (to !== after) {
    return response.writeHead(400).end();
  }
  // Whoever is asked next says anew who they are.
  const ended = ["_session", "_session.sig"].map((name) => `${name}=; path=/; max-age=0`);
  return response.writeHead(302, { location: to, "set-cookie": ended }).end();
}
