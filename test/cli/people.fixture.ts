const header = 'username,domain,email,first_name,last_name,phone_number,enabled'
const domains = ['acme.example', 'globex.example', 'initech.example']

/** People as a directory would export them, a third in each of three domains. */
export function peopleCsv(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const name = `person${index + 1}`
    const domain = domains[index % domains.length] ?? ''
    return `${name},${domain},${name}@mail.example,First${index},Last,577.401.${index} x5071,${String(index % 3 > 0)}`
  })
  return `${[header, ...rows].join('\n')}\n`
}
