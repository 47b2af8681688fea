namespace Proofsheet.Api.Http;

/// <summary>Slugs are in lower case, but typed and printed in any: they are compared folded.</summary>
internal static class Slugs
{
    /// <summary>ASCII capitals become small letters. No other letters are folded, because none of theirs is part of a slug: the Kelvin sign is no k.</summary>
    public static string Fold(string slug) => string.Create(slug.Length, slug, static (folded, slug) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = char.IsAsciiLetterUpper(slug[i]) ? (char)(slug[i] | 0x20) : slug[i];
        }
    });
}
