const otherDigits = /[٠-٩۰-۹]/g

/** The digits of a phone number, in whichever of the scripts that number phones it is written. */
export function digitsOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(otherDigits, (digit) => String(digit.charCodeAt(0) % 16))
    .replace(/[^0-9]/g, '')
}

const fewest = 3

/** The digits of a text that can't be anything but a phone number or a part of one. */
export function phoneNumberIn(text: string): string | undefined {
  const digits = digitsOf(text)
  const isOther = /[^\p{Nd}\s+()./-]/u.test(text.normalize('NFKC'))
  return isOther || digits.length < fewest ? undefined : digits
}
