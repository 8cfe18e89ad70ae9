import { flag, integer, listOf, object, text } from './field.ts'

export const callForward = object('Where calls go instead of to the devices.', {
  direct_calls_only: flag('Only calls that go straight to a device are forwarded.', { default: false }),
  enabled: flag('Whether calls are forwarded.', { default: false }),
  failover: flag('Forward when no device is online.', { default: false }),
  ignore_early_media: flag('Early media of the number that is forwarded to is not passed on.', { default: true }),
  keep_caller_id: flag("The caller's ID is kept; otherwise the device's own is shown.", { default: true }),
  number: text('The number that is forwarded to.', { max: 35 }),
  require_keypress: flag('Whoever answers must press 1 to take the call.', { default: true }),
  substitute: flag('The number is rung instead of the devices, not beside them.', { default: true }),
})

const recordingParameters = (about: string) =>
  object(
    about,
    {
      enabled: flag('Whether it is recorded.'),
      format: text('The format of the file.', { choices: ['mp3', 'wav'] }),
      record_min_sec: integer('Shorter recordings are thrown away, in seconds.'),
      record_sample_rate: integer('Samples per second.'),
      time_limit: integer('The longest recording, in seconds.', { min: 5, max: 10_800 }),
      url: text('Where the recording is sent to.', { format: 'uri' }),
    },
    { others: 'none' },
  )

const recordingSource = (about: string) =>
  object(
    about,
    {
      any: recordingParameters('Calls from and to everywhere.'),
      offnet: recordingParameters('Calls from and to other networks.'),
      onnet: recordingParameters('Calls within the platform.'),
    },
    { others: 'none' },
  )

export const callRecording = object(
  'Which calls are recorded, and how.',
  {
    any: recordingSource('Calls of both directions.'),
    inbound: recordingSource('Calls to the user.'),
    outbound: recordingSource('Calls of the user.'),
  },
  { others: 'none' },
)

const restriction = object('One class of numbers.', {
  action: text('Whether such calls are refused, or whatever holds above holds here.', { choices: ['inherit', 'deny'] }),
})

export const callRestriction = object(
  'What may be called, for each class of numbers.',
  {},
  { default: {}, others: restriction },
)

export const callWaiting = object('Whether a second call may come in.', {
  enabled: flag('Whether the server lets a second call in.'),
})

const shownCaller = (about: string) =>
  object(about, {
    name: text('The name that is shown.', { max: 35 }),
    number: text('The number that is shown.', { max: 35 }),
  })

export const callerId = object(
  'What the called see, by kind of call.',
  {
    emergency: shownCaller('What emergency services see.'),
    external: shownCaller('What is shown to other networks.'),
    internal: shownCaller('What is shown within the account.'),
  },
  { default: {} },
)

export const callerIdOptions = object('How caller IDs are shown.', {
  outbound_privacy: text('What is hidden in calls of the user.', { choices: ['full', 'name', 'number', 'none'] }),
})

const dialRule = object('What is done to numbers that match the key.', {
  description: text('What people call the rule.'),
  prefix: text('Put before what matched.'),
  suffix: text('Put after what matched.'),
})

export const dialPlan = object(
  'How dialled numbers are changed: a pattern, and what is done to what it matches.',
  { system: listOf(text('The name of one.'), 'Plans of the platform that hold too.') },
  { default: {}, others: dialRule },
)
