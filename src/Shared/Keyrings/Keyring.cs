using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Proofsheet.Shared.Keyrings;

public sealed class KeyringOptions
{
    /// <summary>
    /// Master keys as <c>id:base64</c>, 32 bytes each. The first one signs and all of them verify. To rotate, put a new key first, and remove the
    /// old one when everything it signed has expired.
    /// </summary>
    public IList<string> MasterKeys { get; init; } = [];

    /// <summary>
    /// The file of the keys when none are configured; created with a first key if it is missing. It is for a single machine: several machines need
    /// the same <see cref="MasterKeys"/>.
    /// </summary>
    public string File { get; init; } = ".data/master.keys";

    /// <summary>The configured keys, or those in the file.</summary>
    public IEnumerable<string> Lines()
    {
        if (MasterKeys.Count > 0)
        {
            return MasterKeys;
        }

        var path = Path.GetFullPath(File);
        if (!System.IO.File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var made = $"{path}.{Environment.ProcessId}";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(path: made, options: options))
            {
                writer.WriteLine($"1:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}");
            }

            try
            {
                System.IO.File.Move(made, path, overwrite: false);
            }
            catch (IOException) when (System.IO.File.Exists(path))
            {
                // Another process created the file at the same moment: use its keys.
                System.IO.File.Delete(made);
            }
        }

        return System.IO.File.ReadAllLines(path).Where(l => l.Length > 0);
    }
}

/// <summary>
/// Derives a separate key for everything that is signed or peppered here (cursors, media URLs, visitor tokens, PINs) from a master key, by
/// HKDF-SHA-256 (RFC 5869) with the purpose as info.
/// </summary>
public sealed class Keyring
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly List<(string Id, byte[] Key)> _masters = [];

    public Keyring(IOptions<KeyringOptions> options)
    {
        foreach (var line in options.Value.Lines())
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var key = colon is > 0 and <= 8 && line.AsSpan(0, colon).IndexOfAnyExceptInRange('!', '~') < 0 ? Convert.FromBase64String(line[(colon + 1)..]) : [];
            if (key.Length != 32)
            {
                throw new OptionsValidationException("Keyring", typeof(KeyringOptions), ["Keyring:MasterKeys holds id:base64 of 32 bytes; ids have 1 to 8 visible ASCII characters."]);
            }

            if (_masters.Exists(m => m.Id == line[..colon]))
            {
                throw new OptionsValidationException("Keyring", typeof(KeyringOptions), ["Keyring:MasterKeys holds two keys of the same id; what was sealed names its key by it."]);
            }

            _masters.Add((line[..colon], key));
        }

        if (_masters.Count == 0)
        {
            throw new OptionsValidationException("Keyring", typeof(KeyringOptions), ["Keyring:MasterKeys is empty."]);
        }
    }

    /// <summary>The ids of the master keys, newest first.</summary>
    public IEnumerable<string> KeyIds => _masters.Select(m => m.Id);

    /// <summary>The key for a purpose under the newest master key.</summary>
    public byte[] Derive(string purpose) => Derive(_masters[0].Key, purpose);

    /// <summary>The keys for a purpose, newest first, for what must still verify after a rotation.</summary>
    public IEnumerable<byte[]> DeriveAll(string purpose) => _masters.Select(m => Derive(m.Key, purpose));

    /// <summary>Signs a text: <c>base64url(text).base64url(HMAC-SHA-256)</c>.</summary>
    public string Sign(string purpose, string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(HMACSHA256.HashData(Derive(purpose), payload))}";
    }

    /// <summary>Returns the text if it was signed for this purpose with one of our keys, otherwise null.</summary>
    public string? Verify(string purpose, string signed)
    {
        var dot = signed.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || !TryDecodeStrict(signed.AsSpan(0, dot), out var payload) || !TryDecodeStrict(signed.AsSpan(dot + 1), out var mac))
        {
            return null;
        }

        foreach (var key in DeriveAll(purpose))
        {
            if (CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, payload), mac))
            {
                return Encoding.UTF8.GetString(payload);
            }
        }

        return null;
    }

    /// <summary>A keyed hash for later comparison: without our key, the content cannot be guessed from it.</summary>
    public string Fingerprint(string purpose, ReadOnlySpan<byte> content) => Convert.ToHexStringLower(HMACSHA256.HashData(Derive(purpose), content));

    /// <summary>
    /// Encrypts data that must be stored but not be readable in the database (AES-256-GCM): a header with the id of the master key, then nonce, tag and
    /// ciphertext. The header is authenticated together with the purpose.
    /// </summary>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> content)
    {
        var (id, master) = _masters[0];
        var header = SealedHeader.Of(id);
        var whole = new byte[header.Length + NonceBytes + TagBytes + content.Length];
        header.CopyTo(whole, 0);
        var body = whole.AsSpan(header.Length);
        var nonce = body[..NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(Derive(master, purpose), TagBytes);
        aes.Encrypt(nonce, content, body[(NonceBytes + TagBytes)..], body.Slice(NonceBytes, TagBytes), SealedHeader.Authenticated(header, purpose));
        return whole;
    }

    /// <summary>Decrypts what was sealed for this purpose with one of our keys; null when it was not, or was altered.</summary>
    public byte[]? Open(string purpose, ReadOnlySpan<byte> content)
    {
        if (SealedHeader.KeyIdIn(content) is not { } id || _masters.Find(m => m.Id == id) is not { Key: { } master })
        {
            return null;
        }

        var header = SealedHeader.Of(id);
        var body = content[header.Length..];
        if (body.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        var opened = new byte[body.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(Derive(master, purpose), TagBytes);
        try
        {
            aes.Decrypt(body[..NonceBytes], body[(NonceBytes + TagBytes)..], body.Slice(NonceBytes, TagBytes), opened, SealedHeader.Authenticated(header, purpose));
            return opened;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    // Base64Url.TryDecode tolerates white space, padding and stray bits; only the canonical form is accepted here.
    private static bool TryDecodeStrict(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length is 0 or > 4096 || !Base64Url.IsValid(text))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(text);
        return Base64Url.EncodeToString(bytes).AsSpan().SequenceEqual(text);
    }

    private static byte[] Derive(byte[] master, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, info: Encoding.UTF8.GetBytes("proofsheet:" + purpose));
}
