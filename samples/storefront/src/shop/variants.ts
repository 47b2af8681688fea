import type { Choices, Offer, OfferVariant } from "../api";

export function sameOptions(one: Choices, other: Choices): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

export function variantOf(offer: Offer, choices: Choices): OfferVariant | undefined {
  return offer.variants.find((variant) => sameOptions(variant.options, choices));
}

/** What is chosen when a product is opened: its cheapest variant. */
export function firstChoices(offer: Offer): Choices {
  return [...offer.variants].sort((one, other) => one.price.amount - other.price.amount)[0]?.options ?? {};
}

/** The values of an option; those that no variant has with the other choices are marked. */
export function valuesOf(offer: Offer, option: { name: string; values: string[] }, choices: Choices): { value: string; sold: boolean }[] {
  return option.values
    .filter((value) => offer.variants.some((variant) => variant.options[option.name] === value))
    .map((value) => ({ value, sold: variantOf(offer, { ...choices, [option.name]: value }) !== undefined }));
}

/** Choosing a value that does not go with the rest takes the first variant that has it. */
export function choose(offer: Offer, choices: Choices, name: string, value: string): Choices {
  const wanted = { ...choices, [name]: value };
  return variantOf(offer, wanted) ? wanted : (offer.variants.find((variant) => variant.options[name] === value)?.options ?? wanted);
}
