import { flag, integer, listOf, object, text } from './field.ts'

const audioCodecs = [
  'OPUS',
  'CELT@32000h',
  'G7221@32000h',
  'G7221@16000h',
  'G722',
  'speex@32000h',
  'speex@16000h',
  'PCMU',
  'PCMA',
  'G729',
  'GSM',
  'CELT@48000h',
  'CELT@64000h',
  'G722_16',
  'G722_32',
  'CELT_48',
  'CELT_64',
  'Speex',
  'speex',
]

const audio = object(
  'Sound.',
  {
    codecs: listOf(text('One of them.', { choices: audioCodecs }), 'The audio codecs, best first.', {
      default: ['PCMU'],
      unique: true,
    }),
  },
  { default: {} },
)

const encryption = object(
  'Encryption of media.',
  {
    enforce_security: flag('Calls that are not encrypted are refused.', { default: false }),
    methods: listOf(text('One of them.', { choices: ['zrtp', 'srtp'] }), 'The ways to encrypt.', { default: [] }),
  },
  { default: {} },
)

const video = object(
  'Pictures.',
  {
    codecs: listOf(
      text('One of them.', { choices: ['H261', 'H263', 'H264', 'VP8'] }),
      'The video codecs, best first.',
      {
        default: [],
        unique: true,
      },
    ),
  },
  { default: {} },
)

export const media = object(
  'How sound and pictures are sent.',
  {
    audio,
    bypass_media: flag('Media go past the server.', { or: ['auto'] }),
    encryption,
    fax_option: flag('Whether T.38 is spoken.'),
    ignore_early_media: flag('Early media are not passed on.'),
    progress_timeout: integer('How long to wait for progress, in seconds.'),
    video,
  },
  { default: {} },
)

const mediaId = text('The id of the media.', { max: 128 })

export const musicOnHold = object('What is played while a call is held.', { media_id: mediaId }, { default: {} })

export const pronouncedName = object('The name as its bearer says it, for conferences.', { media_id: mediaId })

export const ringtones = object(
  'The `Alert-Info` that makes a phone ring its own way.',
  {
    external: text('For calls from other networks.', { max: 256 }),
    internal: text('For calls within the account.', { max: 256 }),
  },
  { default: {} },
)
