import type { Choices, Offer, OfferVariant } from "../api";

export function sameOptions(one: Choices, other: Choices): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

export function variantOf(offer: Offer, choices: Choices): OfferVariant | undefined {
  return offer.variants.find((variant) => sameOptions(variant.options, choices));
}

/** The initial choices for a product: its cheapest variant. */
export function firstChoices(offer: Offer): Choices {
  return [...offer.variants].sort((one, other) => one.price.amount - other.price.amount)[0]?.options ?? {};
}

/** The values of an option, with a mark on those that no variant has in combination with the other choices. */
export function valuesOf(offer: Offer, option: { name: string; values: string[] }, choices: Choices): { value: string; sold: boolean }[] {
  return option.values
    .filter((value) => offer.variants.some((variant) => variant.options[option.name] === value))
    .map((value) => ({ value, sold: variantOf(offer, { ...choices, [option.name]: value }) !== undefined }));
}

/** Chooses a value; if it does not fit the other choices, the first variant that has it is chosen. */
export function choose(offer: Offer, choices: Choices, name: string, value: string): Choices {
  const wanted = { ...choices, [name]: value };
  return variantOf(offer, wanted) ? wanted : (offer.variants.find((variant) => variant.options[name] === value)?.options ?? wanted);
}
