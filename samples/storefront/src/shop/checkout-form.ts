export interface CheckoutForm {
  email: string;
  name: string;
  line1: string;
  line2: string;
  city: string;
  postalCode: string;
  region: string;
  country: string;
  note: string;
}

export function checkoutErrors(form: CheckoutForm, ships: boolean): Partial<Record<keyof CheckoutForm, string>> {
  const errors: Partial<Record<keyof CheckoutForm, string>> = {};
  if (!/^[^\s@]+@[^\s@]+$/.test(form.email.trim())) {
    errors.email = "Enter an e-mail address, such as anna@example.com.";
  }

  const needed: [keyof CheckoutForm, string][] = [
    ["name", "Enter your name."],
    ...(ships
      ? ([
          ["line1", "Enter the street and number."],
          ["postalCode", "Enter the postal code."],
          ["city", "Enter the city."],
        ] as [keyof CheckoutForm, string][])
      : []),
  ];
  for (const [name, message] of needed) {
    if (!form[name].trim()) {
      errors[name] = message;
    }
  }

  return errors;
}

const CODES = (
  "AD AE AR AT AU BE BG BR CA CH CL CN CO CR CY CZ DE DK EE EG ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KE KR KW LI LT LU LV MA MC MT MX MY " +
  "NG NL NO NZ PE PH PL PT QA RO RS SA SE SG SI SK TH TN TR TW UA US UY VN ZA"
).split(" ");

/** The countries, named and sorted in the reader's language. */
export function countries(locale?: string): { code: string; name: string }[] {
  return CODES.map((code) => ({ code, name: countryName(code, locale) })).sort((one, other) => one.name.localeCompare(other.name, locale));
}

export function countryName(code: string, locale?: string): string {
  return new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code;
}
