using System.Security.Cryptography;

namespace Proofsheet.Jose;

/// <summary>The supported signature algorithms of RFC 7518 section 3: never HMAC, never none.</summary>
public static class SignatureAlgorithms
{
    public const string ES256 = "ES256";
    public const string ES384 = "ES384";
    public const string ES512 = "ES512";
    public const string RS256 = "RS256";
    public const string RS384 = "RS384";
    public const string RS512 = "RS512";
    public const string PS256 = "PS256";
    public const string PS384 = "PS384";
    public const string PS512 = "PS512";

    /// <summary>All algorithms that can be verified. Callers pass the set that they allow, which is usually smaller.</summary>
    public static IReadOnlySet<string> All { get; } = SignatureAlgorithm.Names;
}

/// <summary>The parameters of an algorithm.</summary>
internal sealed record SignatureAlgorithm(string Name, HashAlgorithmName Hash, EllipticCurve? Curve, RSASignaturePadding? Padding)
{
    private static readonly Dictionary<string, SignatureAlgorithm> ByName = new SignatureAlgorithm[]
    {
        new(SignatureAlgorithms.ES256, HashAlgorithmName.SHA256, EllipticCurve.P256, null),
        new(SignatureAlgorithms.ES384, HashAlgorithmName.SHA384, EllipticCurve.P384, null),
        new(SignatureAlgorithms.ES512, HashAlgorithmName.SHA512, EllipticCurve.P521, null),
        new(SignatureAlgorithms.RS256, HashAlgorithmName.SHA256, null, RSASignaturePadding.Pkcs1),
        new(SignatureAlgorithms.RS384, HashAlgorithmName.SHA384, null, RSASignaturePadding.Pkcs1),
        new(SignatureAlgorithms.RS512, HashAlgorithmName.SHA512, null, RSASignaturePadding.Pkcs1),
        new(SignatureAlgorithms.PS256, HashAlgorithmName.SHA256, null, RSASignaturePadding.Pss),
        new(SignatureAlgorithms.PS384, HashAlgorithmName.SHA384, null, RSASignaturePadding.Pss),
        new(SignatureAlgorithms.PS512, HashAlgorithmName.SHA512, null, RSASignaturePadding.Pss),
    }.ToDictionary(a => a.Name, StringComparer.Ordinal);

    public static IReadOnlySet<string> Names { get; } = ByName.Keys.ToHashSet(StringComparer.Ordinal);

    public string KeyType => Curve is null ? "RSA" : "EC";

    public static SignatureAlgorithm? Find(string name) => ByName.GetValueOrDefault(name);

    public static SignatureAlgorithm Get(string name) => Find(name) ?? throw new ArgumentException($"'{name}' is no algorithm that signs here.", nameof(name));
}

/// <summary>A curve of RFC 7518 section 6.2.1.1; <see cref="Bytes"/> is the length of a coordinate and of half a signature.</summary>
internal sealed record EllipticCurve(string Name, ECCurve Curve, string Oid, int Bytes)
{
    public static readonly EllipticCurve P256 = new("P-256", ECCurve.NamedCurves.nistP256, "1.2.840.10045.3.1.7", 32);
    public static readonly EllipticCurve P384 = new("P-384", ECCurve.NamedCurves.nistP384, "1.3.132.0.34", 48);
    public static readonly EllipticCurve P521 = new("P-521", ECCurve.NamedCurves.nistP521, "1.3.132.0.35", 66);

    public static EllipticCurve? Find(string name) => name switch
    {
        "P-256" => P256,
        "P-384" => P384,
        "P-521" => P521,
        _ => null,
    };
}
