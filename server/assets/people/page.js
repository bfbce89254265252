// Setting up, signing in, joining, and choosing a new password. Everything is put on the page as text, never as markup.
const card = document.querySelector('.card')
/** What a link carries: behind the hash, which browsers send to nobody. Taken out of the address at once. */
const secret = location.hash.slice(1)
const asked = new URLSearchParams(location.search)
history.replaceState(null, '', location.pathname)

class Refused extends Error {}

const UNREACHABLE = 'The server does not answer. What you typed is kept here: try again in a moment.'

async function call(method, path, body) {
  const sent = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(`/parley/v1${path}`, { method, ...sent }).catch(() => null)
  if (!answer || answer.status >= 500) throw new Refused(UNREACHABLE)
  const said = await answer.json().catch(() => null)
  if (answer.ok) return said
  throw Object.assign(new Refused(said?.detail ?? 'That did not work.'), { status: answer.status })
}

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children.filter((child) => child !== null))
  return element
}

function show(title, ...children) {
  document.title = `${title} · Parley`
  card.replaceChildren(make('h1', { textContent: title }), ...children.filter((child) => child !== null))
  card.querySelector('input:not([readonly]), button, a')?.focus()
}

const say = (text) => make('p', { textContent: text })

function field(name, label, { hint, ...properties } = {}) {
  const id = `field-${name}`
  const input = make('input', { id, name, required: true, ...properties })
  const told = hint ? make('span', { className: 'hint', id: `${id}-hint`, textContent: hint }) : null
  if (told) input.setAttribute('aria-describedby', told.id)
  return make('label', { htmlFor: id }, label, input, told)
}

const email = (properties = {}) =>
  field('email', 'E-mail address', { type: 'email', autocomplete: 'username', maxLength: 254, ...properties })
const password = (properties = {}) =>
  field('password', 'Password', { type: 'password', autocomplete: 'current-password', ...properties })
const newPassword = () =>
  password({
    autocomplete: 'new-password',
    minLength: 8,
    maxLength: 256,
    hint: 'At least 8 characters. A few unrelated words are easy to remember and hard to guess.',
  })

/** A form that sends what is in it; what goes wrong is said above its button, and nothing typed is lost. */
function form(fields, button, send) {
  const problem = make('p', { className: 'problem' })
  problem.setAttribute('role', 'alert')
  const submit = make('button', { type: 'submit', textContent: button })
  const made = make('form', { method: 'post' }, ...fields, problem, submit)
  made.addEventListener('submit', async (event) => {
    event.preventDefault()
    submit.disabled = true
    problem.textContent = ''
    try {
      await send(Object.fromEntries(new FormData(made)))
    } catch (error) {
      problem.textContent = error instanceof Refused ? error.message : UNREACHABLE
    }
    submit.disabled = false
  })
  return made
}

const quietly = (textContent, onclick) =>
  make('button', { type: 'button', className: 'link', textContent, onclick })

const STALE = 'Links open once and end after a while. Ask whoever sent it for another one.'

function setUp() {
  if (!secret)
    return show('This link is not complete', say('Copy all of it from where the server was started.'))
  return show(
    'Set up Parley',
    say('You are the first one here, and the account will be yours.'),
    form(
      [
        field('accountName', 'Company or team', { autocomplete: 'organization', maxLength: 255 }),
        field('name', 'Your name', { autocomplete: 'name', maxLength: 255 }),
        email(),
        newPassword(),
      ],
      'Create the account',
      async (given) => {
        try {
          await call('POST', '/setup', { token: secret, ...given })
        } catch (error) {
          if (error.status === 404)
            return show(
              'This link opens nothing any more',
              say('There is an account already, or the server was started again since.'),
            )
          throw error
        }
        await call('POST', '/auth/sign-in', { email: given.email, password: given.password })
        return signedIn()
      },
    ),
  )
}

async function signIn(then = signedIn, known = '') {
  const { singleSignOn } = await call('GET', '/auth/providers').catch(() => ({ singleSignOn: null }))
  const refused = asked.has('refused')
    ? say('The identity provider did not name anybody who works here.')
    : null
  show(
    'Sign in',
    refused,
    form(
      [
        email({ value: known, readOnly: known !== '' }),
        password(),
        make(
          'label',
          { className: 'check' },
          make('input', { type: 'checkbox', name: 'remember', checked: true }),
          'Stay signed in',
        ),
      ],
      'Sign in',
      async (given) => {
        const body = { email: given.email, password: given.password, remember: given.remember === 'on' }
        const answer = await call('POST', '/auth/sign-in', body)
        await (answer.secondFactor === 'wanted' ? secondFactor(then) : then())
      },
    ),
    singleSignOn &&
      make('button', {
        type: 'button',
        className: 'second',
        textContent: `Continue with ${singleSignOn.name}`,
        onclick: async () => location.assign((await call('POST', '/auth/single-sign-on', {})).url),
      }),
    quietly('Forgot the password?', askReset),
  )
}

function secondFactor(then = signedIn) {
  show(
    'One more step',
    say('Enter the six digits your authenticator app shows, or one of your recovery codes.'),
    form(
      [
        field('code', 'Code', {
          autocomplete: 'one-time-code',
          maxLength: 64,
          autocapitalize: 'none',
          spellcheck: false,
        }),
      ],
      'Continue',
      async ({ code }) => {
        await call('POST', '/auth/second-factor', { code })
        await then()
      },
    ),
    quietly('Start again', () => signIn(then)),
  )
}

async function signedIn() {
  const me = await call('GET', '/me')
  const accounts = me.accounts.map(({ accountName, accountNumber, role }) =>
    make('li', {}, accountName, make('span', { textContent: `Account ${accountNumber}, ${role}` })),
  )
  show(
    `Welcome, ${me.name}`,
    say(`You are signed in as ${me.email}.`),
    make('ul', {}, ...accounts),
    make('a', { className: 'button', href: '/docs', textContent: 'Open the API reference' }),
    make('button', {
      type: 'button',
      className: 'second',
      textContent: 'Sign out',
      onclick: async () => {
        await call('POST', '/auth/sign-out', {}).catch(() => undefined)
        await signIn()
      },
    }),
  )
}

async function join() {
  const shown = await call('POST', '/invitations/show', { token: secret }).catch((error) => error)
  if (shown instanceof Error)
    return shown.status
      ? show('This invitation opens nothing any more', say(STALE))
      : show('Not reached', say(shown.message))
  const title = `Join ${shown.accountName}`
  const accept = async () => {
    await call('POST', '/me/invitations/accept', { token: secret })
    await signedIn()
  }
  if (shown.isKnown)
    return show(
      title,
      say(`You have a password for ${shown.email} already. Sign in with it to join.`),
      make('button', {
        type: 'button',
        textContent: 'Sign in and join',
        onclick: () => signIn(accept, shown.email),
      }),
    )
  return show(
    title,
    say('Choose a name and a password, and you can answer its customers.'),
    form(
      [
        email({ value: shown.email, readOnly: true }),
        field('name', 'Your name', { autocomplete: 'name', maxLength: 255, value: shown.name ?? '' }),
        newPassword(),
      ],
      'Join',
      async ({ name, password: chosen }) => {
        await call('POST', '/invitations/accept', { token: secret, name, password: chosen })
        await call('POST', '/auth/sign-in', { email: shown.email, password: chosen })
        await signedIn()
      },
    ),
  )
}

function askReset() {
  show(
    'Choose a new password',
    say('Enter your address. If somebody here has it, a link comes by mail.'),
    form([email()], 'Send the link', async (given) => {
      await call('POST', '/auth/password-reset', { email: given.email })
      show(
        'Look at your mail',
        say(
          'The link opens once, within an hour. If nothing comes, ask an owner of your account: they can make one for you.',
        ),
        quietly('Back to signing in', () => signIn()),
      )
    }),
    quietly('Back to signing in', () => signIn()),
  )
}

function reset() {
  if (!secret) return askReset()
  return show(
    'Choose a new password',
    say('You are signed out everywhere else then.'),
    form([newPassword()], 'Save the password', async (given) => {
      await call('POST', '/auth/password-reset/confirm', { token: secret, password: given.password })
      show(
        'Your password is changed',
        say('Sign in with the new one.'),
        make('button', { type: 'button', textContent: 'Sign in', onclick: () => signIn() }),
      )
    }),
  )
}

const PAGES = {
  '/setup': setUp,
  '/invitation': join,
  '/password': reset,
  '/sign-in': () => {
    if (asked.has('second-factor')) return secondFactor()
    return signedIn().catch(() => signIn())
  },
}

await PAGES[location.pathname.replace(/\/+$/, '')]?.()
