using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Proofsheet.Jose;

/// <summary>JSON Web Signatures in compact serialization (RFC 7515).</summary>
public static class Jws
{
    /// <summary>The longest token that is accepted, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>A token without <c>kid</c> is tried with at most this many keys.</summary>
    private const int MaxKeysTried = 8;

    private static readonly string[] OwnHeaders = ["alg", "typ", "kid", "crit", "b64"];

    /// <summary>Signs <paramref name="payload"/>. The header has <c>alg</c>, <c>typ</c>, <c>kid</c>, and the members of <paramref name="moreHeader"/>.</summary>
    /// <exception cref="ArgumentException">moreHeader contains a header that is set here, or <c>crit</c> or <c>b64</c>.</exception>
    public static string Sign(SigningKey key, string typ, ReadOnlySpan<byte> payload, JsonObject? moreHeader = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        var header = new JsonObject { ["alg"] = key.Algorithm, ["typ"] = typ, ["kid"] = key.Kid };
        foreach (var (name, value) in moreHeader ?? [])
        {
            if (OwnHeaders.Contains(name))
            {
                throw new ArgumentException($"The header '{name}' is not the caller's.", nameof(moreHeader));
            }

            header[name] = value?.DeepClone();
        }

        var input = $"{StrictBase64Url.Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{StrictBase64Url.Encode(payload)}";
        return $"{input}.{StrictBase64Url.Encode(key.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>Verifies a token. Keys and key URLs in the token (jwk, jku, x5c, x5u) are never used by themselves.</summary>
    /// <param name="compact">Untrusted text.</param>
    /// <param name="algorithms">The allowed algorithms; case-sensitive.</param>
    /// <param name="keys">Returns the keys that may have signed a token with this header, usually those with its <c>kid</c>.</param>
    public static JwsResult Verify(string compact, IReadOnlySet<string> algorithms, Func<JwsHeader, IEnumerable<JsonWebKey>> keys)
    {
        ArgumentNullException.ThrowIfNull(algorithms);
        ArgumentNullException.ThrowIfNull(keys);
        if (compact is null || compact.Length > MaxLength)
        {
            return JwsResult.Failed(compact is null ? JwsFailure.Malformed : JwsFailure.TooLong);
        }

        var text = compact.AsSpan();
        var first = text.IndexOf('.');
        var last = text.LastIndexOf('.');
        // A third dot would be in the payload, where decoding rejects it.
        return first <= 0 || last == first
            ? JwsResult.Failed(JwsFailure.Malformed)
            : Verify(text[..last], first, text[(last + 1)..], unprotected: null, algorithms, keys);
    }

    /// <summary>Verifies a token; also with an unprotected header, as JSON serialization has it (RFC 7515 section 7.2), which no product code uses.</summary>
    /// <param name="input">Protected header, dot, payload.</param>
    /// <param name="dot">The index of the dot.</param>
    internal static JwsResult Verify(ReadOnlySpan<char> input, int dot, ReadOnlySpan<char> signature, JsonElement? unprotected,
        IReadOnlySet<string> algorithms, Func<JwsHeader, IEnumerable<JsonWebKey>> keys)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(input.Length + signature.Length);
        try
        {
            if (!StrictBase64Url.TryDecode(input[..dot], buffer, out var headerLength)
                || !TryParseHeader(buffer.AsSpan(0, headerLength), unprotected, out var raw))
            {
                return JwsResult.Failed(JwsFailure.Malformed);
            }

            if (!JwsHeader.TryRead(raw, unprotected, out var header, out var failure))
            {
                return JwsResult.Failed(failure);
            }

            if (!algorithms.Contains(header.Algorithm) || SignatureAlgorithm.Find(header.Algorithm) is not { } algorithm)
            {
                return JwsResult.Failed(JwsFailure.AlgorithmNotAllowed);
            }

            if (!StrictBase64Url.TryDecode(input[(dot + 1)..], out var payload))
            {
                return JwsResult.Failed(JwsFailure.Malformed);
            }

            var inputBytes = buffer.AsSpan(0, Encoding.ASCII.GetBytes(input, buffer));
            if (!StrictBase64Url.TryDecode(signature, buffer.AsSpan(input.Length), out var signatureLength))
            {
                return JwsResult.Failed(JwsFailure.Malformed);
            }

            return VerifyByAny(keys(header), algorithm, inputBytes, buffer.AsSpan(input.Length, signatureLength)) is var result && result == JwsFailure.None
                ? JwsResult.Valid(header, payload)
                : JwsResult.Failed(result);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static JwsFailure VerifyByAny(IEnumerable<JsonWebKey> keys, SignatureAlgorithm algorithm, ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        var tried = 0;
        foreach (var key in keys)
        {
            if (!key.CanVerify(algorithm))
            {
                continue;
            }

            if (key.Verify(algorithm, input, signature))
            {
                return JwsFailure.None;
            }

            if (++tried == MaxKeysTried)
            {
                break;
            }
        }

        return tried == 0 ? JwsFailure.NoKey : JwsFailure.WrongSignature;
    }

    /// <summary>An absent protected header counts as empty when there is an unprotected header.</summary>
    private static bool TryParseHeader(ReadOnlySpan<byte> utf8, JsonElement? unprotected, out JsonElement header) =>
        StrictJson.TryParseObject(utf8.IsEmpty && unprotected is not null ? "{}"u8 : utf8, out header);
}
