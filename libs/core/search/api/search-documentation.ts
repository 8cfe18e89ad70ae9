export const exampleMark = 'pQ8f2XbN0cJk5sVtYwZa3VsiYW5uYSIsIjU1MGU4NDAwLWUyOWItNDFkNC1hNzE2LTQ0NjY1NTQ0MDAwMCJd'

export const searchTexts = {
  quick:
    'Words, each of which is somewhere in the username, the email address, the names or the phone number. ' +
    'A phone number is found however it is written.',
  startsWith:
    'What a field or attribute begins with: `starts_with[last_name]=mac`. Given several times, all of it counts.',
  contains: 'What is somewhere in a field or attribute: `contains[attributes.colour]=red`.',
  equals: 'What a field or attribute is as a whole: `equals[phone_number]=%2B34612345678`.',
  match:
    '`folded`: `jose` is also `José`. `exact`: case and accents count. Phone numbers are compared by their digits in either case.',
}
