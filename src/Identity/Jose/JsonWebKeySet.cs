using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Proofsheet.Jose;

/// <summary>A set of public keys (RFC 7517 section 5).</summary>
public sealed class JsonWebKeySet
{
    /// <summary>The largest set that is accepted, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The largest number of keys that is accepted.</summary>
    public const int MaxKeys = 100;

    private JsonWebKeySet(IReadOnlyList<JsonWebKey> keys) => Keys = keys;

    /// <summary>The supported keys, in the order of the set.</summary>
    public IReadOnlyList<JsonWebKey> Keys { get; }

    /// <summary>Reads a set. Unsupported keys are skipped, as the RFC asks; false when it is not a key set.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out JsonWebKeySet? set)
    {
        set = null;
        return utf8.Length <= MaxBytes && StrictJson.TryParseObject(utf8, out var element) && TryParse(element, out set);
    }

    /// <summary>Reads a set from JSON of <see cref="StrictJson"/>.</summary>
    public static bool TryParse(JsonElement element, [NotNullWhen(true)] out JsonWebKeySet? set)
    {
        set = null;
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("keys"u8, out var members)
            || members.ValueKind != JsonValueKind.Array
            || members.GetArrayLength() > MaxKeys)
        {
            return false;
        }

        var keys = new List<JsonWebKey>();
        foreach (var member in members.EnumerateArray())
        {
            if (member.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            if (JsonWebKey.TryParse(member, out var key))
            {
                keys.Add(key);
            }
        }

        set = new JsonWebKeySet(keys);
        return true;
    }
}
