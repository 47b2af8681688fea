using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Tests;

/// <summary>
/// Verifies published vectors with the product's own code: lines of JSON with <c>jwk</c> (a key, possibly private, or a set), <c>jws</c> (compact text,
/// or an object in one of the JSON serializations of RFC 7515 section 7.2) and optionally <c>header</c>: the unprotected header of an object, or, for
/// compact text, which has none, what the vector says is in the protected header.
/// The response to each line is a line, <c>valid</c> or <c>invalid</c>, in order and at once.
/// </summary>
/// <remarks>The product itself only reads compact tokens; the other serializations are parsed here.</remarks>
internal static class VerifyJws
{
    private const int MaxLineBytes = 4 * 1024 * 1024;

    public static async Task RunAsync(Stream input, Stream output, CancellationToken cancellation)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (TryReadLine(ref buffer, read.IsCompleted, out var line))
            {
                await output.WriteAsync(IsValid(line) ? "valid\n"u8.ToArray() : "invalid\n"u8.ToArray(), cancellation);
                await output.FlushAsync(cancellation);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }
    }

    internal static bool IsValid(ReadOnlySpan<byte> line)
    {
        if (line.Length > MaxLineBytes
            || !StrictJson.TryParseObject(line, out var question)
            || !question.TryGetProperty("jwk", out var jwk)
            || !question.TryGetProperty("jws", out var jws)
            || !TryGetHeader(question, out var header)
            || KeysOf(jwk) is not { } keys)
        {
            return false;
        }

        return jws.ValueKind switch
        {
            JsonValueKind.String => VerifyCompact(jws.GetString()!, header, keys),
            JsonValueKind.Object => VerifyObject(jws, header, keys),
            _ => false,
        };
    }

    private static bool VerifyCompact(string text, JsonElement? header, Func<JwsHeader, IEnumerable<JsonWebKey>> keys)
    {
        var result = Jws.Verify(text, SignatureAlgorithms.All, keys);
        return result.IsValid && (header is not { } told || Holds(result.Header.Raw, told));
    }

    private static bool Holds(JsonElement header, JsonElement told) =>
        told.EnumerateObject().All(member => header.TryGetProperty(member.Name, out var found) && JsonElement.DeepEquals(found, member.Value));

    /// <summary>Flattened or general; of several signatures one must be valid (RFC 7515 section 5.2), but all must be well-formed.</summary>
    private static bool VerifyObject(JsonElement jws, JsonElement? header, Func<JwsHeader, IEnumerable<JsonWebKey>> keys)
    {
        if (!TryGetText(jws, "payload", out var payload) || payload is null)
        {
            return false;
        }

        if (!jws.TryGetProperty("signatures", out var signatures))
        {
            return VerifySignature(jws, payload, header, keys) ?? false;
        }

        // The two serializations are told apart by these members, so they must not be mixed (section 7.2.2).
        var isMixed = jws.TryGetProperty("signature", out _) || jws.TryGetProperty("protected", out _) || jws.TryGetProperty("header", out _);
        if (isMixed || signatures.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var answers = signatures.EnumerateArray().Select(signature => VerifySignature(signature, payload, header, keys)).ToList();
        return answers.Contains(true) && !answers.Contains(null);
    }

    /// <summary>Null when it is not even well-formed.</summary>
    private static bool? VerifySignature(JsonElement signature, string payload, JsonElement? outer, Func<JwsHeader, IEnumerable<JsonWebKey>> keys)
    {
        if (signature.ValueKind != JsonValueKind.Object
            || !TryGetText(signature, "protected", out var protectedHeader) || protectedHeader is ""
            || !TryGetText(signature, "signature", out var value) || value is null
            || !TryGetHeader(signature, out var own))
        {
            return null;
        }

        if (outer is not null && own is not null)
        {
            return null;
        }

        // A missing protected header counts as empty, and then there must be an unprotected one.
        var unprotected = own ?? outer;
        return protectedHeader is null && unprotected is null ? null : Verify(protectedHeader ?? "", payload, value, unprotected, keys);
    }

    private static bool Verify(string protectedHeader, string payload, string signature, JsonElement? unprotected, Func<JwsHeader, IEnumerable<JsonWebKey>> keys) =>
        protectedHeader.Length + payload.Length + signature.Length + 2 <= Jws.MaxLength
        && Jws.Verify($"{protectedHeader}.{payload}", protectedHeader.Length, signature, unprotected, SignatureAlgorithms.All, keys).IsValid;

    /// <summary>A single key is the caller's choice, whatever the header names; in a set, the <c>kid</c> selects it.</summary>
    private static Func<JwsHeader, IEnumerable<JsonWebKey>>? KeysOf(JsonElement jwk)
    {
        if (jwk.ValueKind == JsonValueKind.Object && jwk.TryGetProperty("keys", out _))
        {
            return JsonWebKeySet.TryParse(jwk, out var set) ? header => set.Keys.Where(key => header.KeyId is null || key.Kid == header.KeyId) : null;
        }

        return JsonWebKey.TryParse(jwk, out var key) ? _ => [key] : null;
    }

    private static bool TryGetHeader(JsonElement element, out JsonElement? header)
    {
        header = element.TryGetProperty("header", out var member) ? member : null;
        return header is null || header.Value.ValueKind == JsonValueKind.Object;
    }

    private static bool TryGetText(JsonElement element, string name, out string? text)
    {
        text = null;
        if (!element.TryGetProperty(name, out var member))
        {
            return true;
        }

        text = member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        return text is not null;
    }

    private static bool TryReadLine(ref ReadOnlySequence<byte> buffer, bool isEnd, out byte[] line)
    {
        line = [];
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end).ToArray();
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        if (!isEnd || buffer.IsEmpty)
        {
            return false;
        }

        line = buffer.ToArray();
        buffer = buffer.Slice(buffer.End);
        return true;
    }
}
