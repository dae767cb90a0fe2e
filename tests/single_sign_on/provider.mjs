// A real OpenID Connect provider for the tests. Its settings come as JSON in the first argument; it prints its address.
// Beside the provider itself it has a side door, on the same loopback port, by which a test says who has which claims
// and lets the provider take new keys.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { Provider } from 'oidc-provider';

const settings = JSON.parse(process.argv[2]);
const accounts = new Map();
let provider;
let handle;

function newKeys() {
  const make = (type, options, more) => ({
    ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), use: 'sig', kid: randomUUID(), ...more,
  });
  return { keys: [make('rsa', { modulusLength: 2048 }, { alg: 'RS256' }), make('ec', { namedCurve: 'P-256' }, { alg: 'ES256' })] };
}

function begin(issuer) {
  provider = new Provider(issuer, {
    clients: settings.clients,
    jwks: newKeys(),
    cookies: { keys: [randomUUID()] },
    acrValues: ['basic', 'strong'],
    claims: {
      openid: ['sub', 'sid', 'acr', 'amr'],
      email: ['email', 'email_verified'],
      profile: ['name', 'groups', 'realm_access'],
    },
    conformIdTokenClaims: settings.conform,
    features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true } },
    fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options), // the tests' wijkteam is on loopback
    findAccount: (_ctx, id) => accounts.has(id) && {
      accountId: id, claims: () => ({ sub: id, ...accounts.get(id).claims }),
    },
  });
  const finish = provider.interactionFinished.bind(provider);
  provider.interactionFinished = (req, res, result, options) => {
    if (result.login) Object.assign(result.login, accounts.get(result.login.accountId)?.login);
    return finish(req, res, result, options);
  };
  handle = provider.callback();
}

async function sideDoor(req, res) {
  let body = '';
  for await (const chunk of req) body += chunk;
  if (req.url === '/side-door/account') {
    const { sub, ...account } = JSON.parse(body);
    accounts.set(sub, account);
  } else {
    begin(provider.issuer);
  }
  res.end();
}

const server = createServer((req, res) => (req.url.startsWith('/side-door/') ? sideDoor(req, res) : handle(req, res)));
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  begin(issuer);
  console.log(issuer);
});
