// The skeleton: who is there, logging in, and the state in words.
let csrf = '';

export async function ask(path, fields) {
  const answer = await fetch(path, fields ? {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Sting-Csrf': csrf },
    body: JSON.stringify(fields),
  } : {});
  const got = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(got.words ?? got.error), got);
  return got;
}

const make = (name, attributes = {}, ...inside) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...inside);
  return element;
};

function form(title, button, inputs, send) {
  const alert = make('p', { role: 'alert' });
  const rows = inputs.map(([name, label, attributes]) => make('label', {},
    label, make('input', { name, ...attributes })));
  const made = make('form', {}, make('h1', {}, title), ...rows, alert,
    make('button', {}, button));
  made.addEventListener('submit', async (event) => {
    event.preventDefault();
    alert.textContent = '';
    try {
      await send(Object.fromEntries(new FormData(made)));
      await start();
    } catch (error) {
      alert.textContent = error.message;
      const code = made.querySelector('[name=code]');
      if (error.error === 'code-needed') code.focus();
    }
  });
  return made;
}

const name = ['user', 'Name', { required: '', autocomplete: 'username' }];

const firstForm = (link) => form('The first one in', 'Begin', [name,
  ['password', 'Password, 12 characters at least', { type: 'password',
    required: '', minlength: '12', autocomplete: 'new-password' }],
], (fields) => ask('/api/first', { ...fields, link }));

const loginForm = () => form('Log in', 'Log in', [name,
  ['password', 'Password', { type: 'password', required: '',
    autocomplete: 'current-password' }],
  ['code', 'Six digits, if your telephone shows them', { inputmode: 'numeric',
    maxlength: '6', autocomplete: 'one-time-code' }],
], (fields) => ask('/api/login', fields));

async function stateTable() {
  const state = await ask('/api/state');
  const rows = state.cameras.map((camera) => make('tr', {},
    make('th', { scope: 'row' }, camera.name), make('td', {}, camera.state),
    make('td', {}, camera.why ?? '')));
  return make('table', {}, make('caption', {}, 'Cameras'),
    make('tbody', {}, ...rows));
}

async function station(session) {
  const out = make('button', { type: 'button' }, 'Log out');
  out.addEventListener('click', async () => {
    await ask('/api/logout', {});
    await start();
  });
  const body = session.role === 'auditor' ? '' : await stateTable();
  return make('main', {}, make('h1', {}, 'sting'),
    make('p', {}, `${session.user}, ${session.role}`), body, out);
}

async function start() {
  const hello = await ask('/api/hello');
  csrf = hello.session?.csrf ?? '';
  const link = /^#first=([0-9a-f]{64})$/.exec(location.hash);
  if (hello.session) {
    if (link) history.replaceState(null, '', '/');
    document.body.replaceChildren(await station(hello.session));
  } else {
    document.body.replaceChildren(make('main', {},
      link && hello.is_first ? firstForm(link[1]) : loginForm()));
  }
}

await start();
