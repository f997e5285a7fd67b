// What the navigation shows, and to whom. What is not built is not here.
import './health.mjs';
import './wall.mjs';

const LOOKERS = ['viewer', 'operator', 'custodian', 'admin'];

const page = (name, roles) => ({ name, roles,
  make: (session) => Object.assign(
    document.createElement(`sting-${name}`), { session }) });

export const pages = [
  page('wall', LOOKERS),
  page('health', LOOKERS),
];
