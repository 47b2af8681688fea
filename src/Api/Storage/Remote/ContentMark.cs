using System.Security.Cryptography;

namespace Proofsheet.Api.Storage.Remote;

/// <summary>The MD5 that a store keeps of an object. It protects against accidental corruption, not against tampering.</summary>
/// <param name="Md5">32 lower-case hexadecimal digits. For an object that was sent in parts, the MD5 of their MD5s, a dash and the number of parts.</param>
/// <param name="PartBytes">The length of each part except the last.</param>
internal sealed record ContentMark(string Md5, long PartBytes = long.MaxValue)
{
    public PartedMd5 Begin() => new(Md5.Contains('-') ? PartBytes : long.MaxValue);

    /// <summary>Reads the mark from an S3 entity tag; null if the tag is something else.</summary>
    public static ContentMark? OfETag(string etag, long? partBytes)
    {
        var digits = etag.Split('-')[0];
        var isMd5 = digits.Length == 32 && digits.All(char.IsAsciiHexDigitLower);
        if (!isMd5 || (etag.Contains('-') && partBytes is null or < 1))
        {
            return null;
        }

        return new ContentMark(etag, partBytes ?? long.MaxValue);
    }
}

/// <summary>Computes <see cref="ContentMark.Md5"/>.</summary>
internal sealed class PartedMd5(long partBytes) : IDisposable
{
#pragma warning disable CA5351 // Required by the stores' protocols; SHA-256 is computed as well.
    private readonly IncrementalHash _part = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly IncrementalHash _parts = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    public static byte[] Of(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
    private long _inPart;
    private int _count;

    public void Append(ReadOnlySpan<byte> passed)
    {
        while (!passed.IsEmpty)
        {
            if (_inPart == partBytes)
            {
                ClosePart();
            }

            var some = passed[..(int)Math.Min(passed.Length, partBytes - _inPart)];
            _part.AppendData(some);
            _inPart += some.Length;
            passed = passed[some.Length..];
        }
    }

    /// <summary>Completes the hash; nothing can be appended afterward.</summary>
    public string Finish()
    {
        if (partBytes == long.MaxValue)
        {
            return Convert.ToHexStringLower(_part.GetHashAndReset());
        }

        if (_inPart > 0)
        {
            ClosePart();
        }

        return FormattableString.Invariant($"{Convert.ToHexStringLower(_parts.GetHashAndReset())}-{_count}");
    }

    public void Dispose()
    {
        _part.Dispose();
        _parts.Dispose();
    }

    private void ClosePart()
    {
        _parts.AppendData(_part.GetHashAndReset());
        (_inPart, _count) = (0, _count + 1);
    }
}
