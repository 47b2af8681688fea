using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Proofsheet.Api.Galleries;

/// <summary>The last parts of gallery URLs: <c>clara-and-jonas</c>.</summary>
internal static class GallerySlugs
{
    public const int MinLength = 3;
    public const int MaxLength = 63;
    public const string Pattern = "^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$";
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int ShortTailLength = 4;

    // 10 characters out of 32 are 50 bits: the URL of an unlisted gallery is its only protection.
    private const int UnguessableTailLength = 10;

    /// <summary>Slugs that storefronts need for their own pages, or that would be misleading.</summary>
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "about", "account", "admin", "api", "app", "assets", "auth", "billing", "blog", "cart", "carts", "checkout", "contact", "dashboard",
        "docs", "download", "downloads", "embed", "favicon", "galleries", "gallery", "health", "help", "home", "identity", "imprint", "index",
        "legal", "login", "logout", "media", "new", "null", "openapi", "order", "orders", "payment", "payments", "platform", "press", "privacy",
        "proofsheet", "public", "robots", "root", "search", "security", "settings", "shop", "sign-in", "sign-up", "signin", "signup", "sitemap",
        "static", "status", "store", "storefront", "studio", "studios", "support", "terms", "undefined", "visitor", "webhooks", "well-known", "www",
    }.ToFrozenSet(StringComparer.Ordinal);

    // The framework normalizes only ASCII here (invariant globalization), so the Latin letters are listed explicitly.
    private static readonly FrozenDictionary<char, string> Latin = Spell(
        ("a", "àáâãåāăąǎ"), ("ae", "äæ"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"), ("i", "ìíîïĩīĭįıǐ"),
        ("ij", "ĳ"), ("j", "ĵ"), ("k", "ķĸ"), ("l", "ĺļľŀł"), ("n", "ñńņňŉŋ"), ("o", "òóôõōŏőǒ"), ("oe", "öøœ"), ("r", "ŕŗř"), ("s", "śŝşšșſ"),
        ("ss", "ß"), ("t", "ţťŧț"), ("th", "þ"), ("u", "ùúûũūŭůűųǔ"), ("ue", "ü"), ("w", "ŵẁẃẅ"), ("y", "ýÿŷỳ"), ("z", "źżž"));

    public static bool IsReserved(string slug) => Reserved.Contains(slug);

    /// <summary>Made from a title; random if the title has no Latin letters, and with an unguessable ending on request.</summary>
    public static string FromTitle(string title, bool unguessable)
    {
        var slug = Transliterate(title);
        if (unguessable)
        {
            return WithTail(slug, UnguessableTailLength);
        }

        return slug.Length < MinLength || Reserved.Contains(slug) ? WithTail(slug, ShortTailLength * 2) : slug;
    }

    /// <summary>The slug with a random ending, for when it is already taken.</summary>
    public static string Another(string slug) => WithTail(slug, ShortTailLength);

    private static string WithTail(string slug, int length)
    {
        var tail = RandomNumberGenerator.GetString(Alphabet, length);
        var head = slug[..Math.Min(slug.Length, MaxLength - length - 1)].TrimEnd('-');
        return head.Length == 0 ? tail : $"{head}-{tail}";
    }

    private static string Transliterate(string title)
    {
        var slug = new StringBuilder();
        foreach (var c in title.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(c);
            }
            else if (Latin.TryGetValue(c, out var letters))
            {
                slug.Append(letters);
            }
            else if (c == '&')
            {
                slug.Append("-and-");
            }
            else if (c is not ('\'' or '’' or (>= '\u0300' and <= '\u036f')))
            {
                slug.Append('-');
            }
        }

        var words = slug.ToString().Split('-', StringSplitOptions.RemoveEmptyEntries);
        var whole = string.Join('-', words);
        return whole[..Math.Min(whole.Length, MaxLength)].TrimEnd('-');
    }

    private static FrozenDictionary<char, string> Spell(params (string As, string Letters)[] groups) =>
        groups.SelectMany(g => g.Letters.Select(letter => (letter, g.As))).ToFrozenDictionary(p => p.letter, p => p.As);
}
