using System.Security.Cryptography;

namespace Proofsheet.Jose;

/// <summary>A private key for one algorithm. Thread-safe; the owner disposes it.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly SignatureAlgorithm _algorithm;
    private readonly byte[] _pkcs8;
    private readonly KeyPool _pool;
    private bool _disposed;

    private SigningKey(AsymmetricAlgorithm key, SignatureAlgorithm algorithm, string? kid)
    {
        PublicKey = JsonWebKey.Of(key, algorithm, kid);
        _algorithm = algorithm;
        _pkcs8 = key.ExportPkcs8PrivateKey();
        _pool = new KeyPool(() => Import(_pkcs8, algorithm));
        _pool.Return(key);
    }

    /// <summary>The key's ID; its RFC 7638 thumbprint unless another one was given.</summary>
    public string Kid => PublicKey.Kid!;

    /// <summary>The algorithm that it signs with.</summary>
    public string Algorithm => _algorithm.Name;

    /// <summary>The public key that verifies its signatures, with <c>kid</c>, <c>alg</c> and <c>use</c>.</summary>
    public JsonWebKey PublicKey { get; }

    /// <summary>Creates a key. RSA keys have 2048 bits for SHA-256 and 3072 for longer hashes.</summary>
    /// <exception cref="ArgumentException">The algorithm is not supported.</exception>
    public static SigningKey Create(string algorithm, string? kid = null)
    {
        var known = SignatureAlgorithm.Get(algorithm);
        AsymmetricAlgorithm key = known.Curve is { } curve
            ? ECDsa.Create(curve.Curve)
            : RSA.Create(known.Hash == HashAlgorithmName.SHA256 ? 2048 : 3072);
        return new SigningKey(key, known, kid);
    }

    /// <summary>Imports a key from PKCS #8 (RFC 5958), as written by <see cref="ExportPkcs8"/>.</summary>
    /// <exception cref="ArgumentException">The algorithm is not supported.</exception>
    /// <exception cref="CryptographicException">The bytes are not a key of the right type, curve and size.</exception>
    public static SigningKey Import(byte[] pkcs8, string algorithm, string? kid = null)
    {
        var known = SignatureAlgorithm.Get(algorithm);
        var key = Import(pkcs8, known);
        try
        {
            return new SigningKey(key, known, kid);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Exports the private key as unencrypted PKCS #8; the caller must encrypt it and clear the array.</summary>
    public byte[] ExportPkcs8()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _pkcs8.AsSpan().ToArray();
    }

    public void Dispose()
    {
        _disposed = true;
        _pool.Close();
        CryptographicOperations.ZeroMemory(_pkcs8);
    }

    /// <summary>Signs <paramref name="data"/>; for EC, r and s have their full length (RFC 7518 section 3.4).</summary>
    internal byte[] Sign(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var key = _pool.Take();
        try
        {
            return key is ECDsa ec
                ? ec.SignData(data, _algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
                : ((RSA)key).SignData(data, _algorithm.Hash, _algorithm.Padding!);
        }
        finally
        {
            _pool.Return(key);
        }
    }

    private static AsymmetricAlgorithm Import(byte[] pkcs8, SignatureAlgorithm algorithm)
    {
        AsymmetricAlgorithm key = algorithm.Curve is null ? RSA.Create() : ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            var isOnItsCurve = key is not ECDsa ec || ec.ExportParameters(false).Curve.Oid.Value == algorithm.Curve!.Oid;
            return read == pkcs8.Length && isOnItsCurve ? key : throw new CryptographicException($"Not a key for {algorithm.Name}.");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
