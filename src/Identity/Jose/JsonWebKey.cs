using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Proofsheet.Jose;

/// <summary>
/// A public key (RFC 7517) for verifying signatures: EC on P-256, P-384 or P-521, or RSA of 2048 to 8192 bits. Thread-safe; it caches the
/// imported key objects.
/// </summary>
public sealed class JsonWebKey
{
    /// <summary>The longest <c>kid</c> that is accepted, in UTF-16 units.</summary>
    public const int MaxKeyIdLength = 256;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private readonly EllipticCurve? _curve;
    private readonly byte[] _first;
    private readonly byte[] _second;
    private readonly KeyPool _pool;
    private readonly HashSet<string>? _operations;
    private string? _thumbprint;

    /// <param name="curve">Null for RSA.</param>
    /// <param name="first">x, or the modulus.</param>
    /// <param name="second">y, or the exponent.</param>
    private JsonWebKey(EllipticCurve? curve, byte[] first, byte[] second, HashSet<string>? operations)
    {
        _curve = curve;
        _first = first;
        _second = second;
        _operations = operations;
        _pool = new KeyPool(Import);
    }

    /// <summary>The ID of the key in its set, or null.</summary>
    public string? Kid { get; private init; }

    /// <summary><c>EC</c> or <c>RSA</c>.</summary>
    public string KeyType => _curve is null ? "RSA" : "EC";

    /// <summary>The only algorithm that the key may be used with; null when it is not declared.</summary>
    public string? Algorithm { get; private init; }

    /// <summary><c>sig</c>, <c>enc</c> or another value; null when it is not declared.</summary>
    public string? Use { get; private init; }

    /// <summary>Whether the JWK had private members. Where a public key is expected (DPoP, a client's key set), that is a leak and must be refused.</summary>
    public bool HasPrivateMembers { get; private init; }

    /// <summary>The size in bits, of the modulus or of the curve's field.</summary>
    public int SizeInBits => _curve is null ? RsaModulus.Bits(_first) : _curve == EllipticCurve.P521 ? 521 : _curve.Bytes * 8;

    /// <summary>Reads a JWK. Private members are reported (<see cref="HasPrivateMembers"/>) and dropped.</summary>
    /// <param name="element">JSON from <see cref="StrictJson"/>; in other JSON, names may be duplicated and reading strings may throw.</param>
    /// <returns>False for other key types, sizes and curves, points not on their curve, members of a wrong type, and non-canonical encodings.</returns>
    public static bool TryParse(JsonElement element, [NotNullWhen(true)] out JsonWebKey? key)
    {
        key = null;
        if (element.ValueKind != JsonValueKind.Object
            || !StrictJson.TryGetText(element, "kty"u8, 16, out var type)
            || !StrictJson.TryGetText(element, "kid"u8, MaxKeyIdLength, out var kid)
            || !StrictJson.TryGetText(element, "alg"u8, 64, out var algorithm)
            || !StrictJson.TryGetText(element, "use"u8, 64, out var use)
            || !TryGetOperations(element, out var operations))
        {
            return false;
        }

        EllipticCurve? curve = null;
        byte[] first;
        byte[] second;
        switch (type)
        {
            case "EC" when TryGetCurve(element, out curve)
                && TryGetBytes(element, "x"u8, out first) && first.Length == curve!.Bytes
                && TryGetBytes(element, "y"u8, out second) && second.Length == curve.Bytes:
                break;
            case "RSA" when TryGetBytes(element, "n"u8, out first) && RsaModulus.IsGood(first)
                && TryGetBytes(element, "e"u8, out second) && IsGoodExponent(second):
                break;
            default:
                return false;
        }

        var parsed = new JsonWebKey(curve, first, second, operations)
        {
            Kid = kid,
            Algorithm = algorithm,
            Use = use,
            HasPrivateMembers = PrivateMembers.Any(name => element.TryGetProperty(name, out _)),
        };
        if (!parsed.IsAcceptedByTheCryptographyLibrary())
        {
            return false;
        }

        key = parsed;
        return true;
    }

    /// <summary>SHA-256 of the key's required members in lexical order (RFC 7638), in base64url.</summary>
    public string Thumbprint() => _thumbprint ??= StrictBase64Url.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(_curve is null
        ? $$"""{"e":"{{StrictBase64Url.Encode(_second)}}","kty":"RSA","n":"{{StrictBase64Url.Encode(_first)}}"}"""
        : $$"""{"crv":"{{_curve.Name}}","kty":"EC","x":"{{StrictBase64Url.Encode(_first)}}","y":"{{StrictBase64Url.Encode(_second)}}"}""")));

    /// <summary>The key as a JWK with only its public members.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["kty"] = KeyType };
        if (_curve is null)
        {
            json["n"] = StrictBase64Url.Encode(_first);
            json["e"] = StrictBase64Url.Encode(_second);
        }
        else
        {
            json["crv"] = _curve.Name;
            json["x"] = StrictBase64Url.Encode(_first);
            json["y"] = StrictBase64Url.Encode(_second);
        }

        foreach (var (name, value) in new[] { ("kid", Kid), ("alg", Algorithm), ("use", Use) })
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }

        return json;
    }

    internal static JsonWebKey Of(AsymmetricAlgorithm key, SignatureAlgorithm algorithm, string? kid)
    {
        var (first, second) = key switch
        {
            ECDsa ec when ec.ExportParameters(false).Q is { X: not null, Y: not null } point => (point.X, point.Y),
            RSA rsa when rsa.ExportParameters(false) is { Modulus: not null, Exponent: not null } parameters => (parameters.Modulus, parameters.Exponent),
            _ => throw new CryptographicException("Not a key that signs here."),
        };
        if (algorithm.Curve is null && (!RsaModulus.IsGood(first) || !IsGoodExponent(second)))
        {
            throw new CryptographicException("An RSA key needs 2048 to 8192 bits and an exponent of 65537 or more.");
        }

        var named = new JsonWebKey(algorithm.Curve, first, second, null);
        return new JsonWebKey(algorithm.Curve, first, second, null) { Kid = kid ?? named.Thumbprint(), Algorithm = algorithm.Name, Use = "sig" };
    }

    /// <summary>Whether the key's type and its declared restrictions allow verifying with this algorithm.</summary>
    internal bool CanVerify(SignatureAlgorithm algorithm) =>
        KeyType == algorithm.KeyType
        && (_curve is null || _curve == algorithm.Curve)
        && (Algorithm is null || Algorithm == algorithm.Name)
        && Use is null or "sig"
        // A key pair that is marked for signing may verify with its public half (RFC 7517 section 4.3).
        && (_operations is null || _operations.Contains("verify") || (HasPrivateMembers && _operations.Contains("sign")));

    /// <summary>Whether this key made the signature. The algorithm must have passed <see cref="CanVerify"/>.</summary>
    internal bool Verify(SignatureAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        // A signature has a fixed length: no DER, and no leading zeros omitted or added (RFC 7518 sections 3.3 to 3.5).
        if (signature.Length != (_curve is null ? _first.Length : 2 * _curve.Bytes))
        {
            return false;
        }

        var key = _pool.Take();
        try
        {
            var valid = key is ECDsa ec
                ? ec.VerifyData(data, signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
                : ((RSA)key).VerifyData(data, signature, algorithm.Hash, algorithm.Padding!);
            _pool.Return(key);
            return valid;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return false;
        }
    }

    private AsymmetricAlgorithm Import() => _curve is null
        ? RSA.Create(new RSAParameters { Modulus = _first, Exponent = _second })
        : ECDsa.Create(new ECParameters { Curve = _curve.Curve, Q = new ECPoint { X = _first, Y = _second } });

    /// <summary>The import rejects points that are not on the curve.</summary>
    private bool IsAcceptedByTheCryptographyLibrary()
    {
        try
        {
            _pool.Return(_pool.Take());
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool TryGetCurve(JsonElement element, out EllipticCurve? curve)
    {
        curve = StrictJson.TryGetText(element, "crv"u8, 16, out var name) && name is not null ? EllipticCurve.Find(name) : null;
        return curve is not null;
    }

    private static bool TryGetBytes(JsonElement element, ReadOnlySpan<byte> name, out byte[] bytes)
    {
        bytes = [];
        // The longest value is a modulus of 8192 bits: 1366 characters.
        return StrictJson.TryGetText(element, name, 1400, out var text) && text is not null && StrictBase64Url.TryDecode(text, out bytes);
    }

    /// <summary>Strings without duplicates (RFC 7517 section 4.3).</summary>
    private static bool TryGetOperations(JsonElement element, out HashSet<string>? operations)
    {
        operations = null;
        if (!element.TryGetProperty("key_ops"u8, out var list))
        {
            return true;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > 16)
        {
            return false;
        }

        operations = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in list.EnumerateArray())
        {
            if (operation.ValueKind != JsonValueKind.String || !operations.Add(operation.GetString()!))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Odd, above 2^16 (FIPS 186-5 section A.1.1) and below 2^32, so that an attacker cannot make verification slow.</summary>
    private static bool IsGoodExponent(byte[] exponent) =>
        exponent.Length is 3 or 4 && exponent[0] != 0 && (exponent[^1] & 1) == 1;
}
