import {
  callForward,
  callRecording,
  callRestriction,
  callWaiting,
  callerId,
  callerIdOptions,
  dialPlan,
} from './call-fields.ts'
import { flag, listOf, object, text } from './field.ts'
import { formatters } from './formatter-fields.ts'
import { media, musicOnHold, pronouncedName, ringtones } from './media-fields.ts'
import { metaflows } from './metaflow-fields.ts'
import { profile } from './profile-fields.ts'
import { voicemail } from './voicemail-fields.ts'

const contactList = object(
  'How the user stands in contact lists.',
  { exclude: flag('Whether they leave the user out.') },
  { default: {} },
)

const hotdesk = object(
  "Using somebody else's phone as one's own.",
  {
    enabled: flag('Whether the user may.', { default: false }),
    id: text('What the user types to begin.', { max: 15 }),
    keep_logged_in_elsewhere: flag('Whether several phones may be used at once.', { default: false }),
    pin: text('The PIN for it.', { min: 4, max: 15 }),
    require_pin: flag('Whether the PIN is asked for.', { default: false }),
  },
  { default: {} },
)

/** The document of a user, as clients of Kazoo know it. Keys that it doesn't name are kept as they are. */
export const userFields = object('A user.', {
  call_forward: callForward,
  call_recording: callRecording,
  call_restriction: callRestriction,
  call_waiting: callWaiting,
  caller_id: callerId,
  caller_id_options: callerIdOptions,
  contact_list: contactList,
  dial_plan: dialPlan,
  directories: object('The directories that list the user, each with the callflow that reaches them.', {}),
  do_not_disturb: object('Quiet.', { enabled: flag('Whether no call comes through.') }),
  email: text('The email address.', { min: 1, max: 254, format: 'email' }),
  enabled: flag('Whether the user may sign in and call.', { default: true }),
  feature_level: text('The name of a set of features.'),
  first_name: text('The first name.', { min: 1, max: 128, required: true }),
  flags: listOf(text('One of them.'), 'Marks for routing.'),
  formatters,
  hotdesk,
  language: text('The language of prompts, such as `en-us`.'),
  last_name: text('The last name.', { min: 1, max: 128, required: true }),
  media,
  metaflows,
  music_on_hold: musicOnHold,
  password: text('The password to sign in with. It is never shown.'),
  presence_id: text('What the presence is published as, instead of the SIP name.'),
  priv_level: text('What a portal takes the user for. It gives no rights in kitter.', {
    choices: ['user', 'admin'],
    default: 'user',
  }),
  profile,
  pronounced_name: pronouncedName,
  queue_pin: text('The PIN with which the user becomes the agent of a queue.'),
  require_password_update: flag('Portals should ask for a new password.', { default: false }),
  ringtones,
  timezone: text('The time zone, such as `Europe/Madrid`.'),
  username: text('The name to sign in with: letters, digits and `_ - . @ +`, kept in lower case.', {
    min: 1,
    max: 256,
    pattern: '^([+@.\\w_-]+)$',
  }),
  verified: flag('Whether somebody made sure who the user is.', { default: false }),
  vm_to_email_enabled: flag('Voicemail is also sent by mail.', { default: true }),
  voicemail,
})
