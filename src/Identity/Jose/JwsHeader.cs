using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Proofsheet.Jose;

/// <summary>A token's header. It is untrusted until the signature has been verified.</summary>
public sealed class JwsHeader
{
    private const int MaxTextLength = 256;

    private JwsHeader(string algorithm, string? keyId, string? type, string? contentType, JsonElement raw) =>
        (Algorithm, KeyId, Type, ContentType, Raw) = (algorithm, keyId, type, contentType, raw);

    /// <summary><c>alg</c></summary>
    public string Algorithm { get; }

    /// <summary><c>kid</c>: only for looking up a key by equality.</summary>
    public string? KeyId { get; }

    /// <summary><c>typ</c></summary>
    public string? Type { get; }

    /// <summary><c>cty</c></summary>
    public string? ContentType { get; }

    /// <summary>The protected header as received.</summary>
    public JsonElement Raw { get; }

    internal static bool TryRead(JsonElement header, JsonElement? unprotected, [NotNullWhen(true)] out JwsHeader? read, out JwsFailure failure)
    {
        read = null;
        // No extensions are supported, so any list of critical ones is refused (RFC 7515 section 4.1.11), and with it b64 (RFC 7797).
        if (header.TryGetProperty("crit"u8, out _) || unprotected?.TryGetProperty("crit"u8, out _) == true
            || header.TryGetProperty("b64"u8, out _) || unprotected?.TryGetProperty("b64"u8, out _) == true)
        {
            failure = JwsFailure.Critical;
            return false;
        }

        failure = JwsFailure.Malformed;
        if ((unprotected is { } other && !AreDisjoint(header, other))
            || !TryGetText(header, unprotected, "alg"u8, out var algorithm) || algorithm is null
            || !TryGetText(header, unprotected, "kid"u8, out var keyId)
            || !TryGetText(header, unprotected, "typ"u8, out var type)
            || !TryGetText(header, unprotected, "cty"u8, out var contentType))
        {
            return false;
        }

        read = new JwsHeader(algorithm, keyId, type, contentType, header);
        failure = JwsFailure.None;
        return true;
    }

    private static bool TryGetText(JsonElement header, JsonElement? unprotected, ReadOnlySpan<byte> name, out string? text) =>
        StrictJson.TryGetText(header, name, MaxTextLength, out text)
        && (text is not null || unprotected is not { } other || StrictJson.TryGetText(other, name, MaxTextLength, out text));

    /// <summary>RFC 7515 section 4: a name may be in only one of the two headers.</summary>
    private static bool AreDisjoint(JsonElement header, JsonElement other)
    {
        foreach (var member in other.EnumerateObject())
        {
            if (header.TryGetProperty(member.Name, out _))
            {
                return false;
            }
        }

        return true;
    }
}
