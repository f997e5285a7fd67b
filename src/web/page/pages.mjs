// What the navigation shows, and to whom. What is not built is not here.
import './account.mjs';
import './bait.mjs';
import './custody.mjs';
import './health.mjs';
import './incidents.mjs';
import './people.mjs';
import './settings.mjs';
import './table.mjs';
import './timeline.mjs';
import './wall.mjs';
import './zones.mjs';

const LOOKERS = ['viewer', 'operator', 'custodian', 'admin'];

// `whole`: for who sees all cameras.
const page = (name, roles, whole = false) => ({ name,
  isFor: ({ role, cameras }) => roles.includes(role)
    && (!whole || cameras === '*'),
  make: (session) => Object.assign(
    document.createElement(`sting-${name}`), { session }) });

export const pages = [
  page('wall', LOOKERS),
  page('table', LOOKERS),
  page('timeline', LOOKERS),
  page('incidents', LOOKERS),
  page('bait', ['operator', 'custodian', 'admin'], true),
  page('zones', ['operator', 'admin']),
  page('settings', ['admin']),
  page('health', LOOKERS),
  page('custody', ['auditor', 'admin']),
  page('people', ['admin']),
  page('account', [...LOOKERS, 'auditor']),
];
