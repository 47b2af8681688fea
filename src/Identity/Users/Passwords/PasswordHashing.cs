using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Passwords;

namespace Proofsheet.Identity.Users.Passwords;

/// <summary>Too many passwords are waiting to be hashed; the response is a 503 with Retry-After.</summary>
internal sealed class TooBusyException() : Exception("Too many passwords wait to be hashed.");

/// <summary>
/// Hashes passwords with bcrypt over base64(HMAC-SHA-384(pepper, password)), so that any length and any bytes work with bcrypt, and the database
/// alone is not enough for guessing. Stored as <c>b1.PEPPER.$2b$…</c>: the version of the scheme, the ID of the pepper, and the bcrypt hash. Each call
/// costs exactly one hash, whatever the input. Passwords are compared as RFC 8265 says (<see cref="OpaqueString"/>).
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    private const string Version = "b1";
    private static readonly Counter<long> Hashes = new Meter("Proofsheet.Identity").CreateCounter<long>("proofsheet.identity.password_hashes");
    private readonly Keyring _keyring;
    private readonly PasswordSettings _options;
    private readonly SemaphoreSlim _turns;
    private readonly string _decoy;
    private int _inside;
    private long _performed;

    public PasswordHashing(Keyring keyring, IOptions<PasswordSettings> options)
    {
        _keyring = keyring;
        _options = options.Value;
        AtATime = _options.HashesAtATime > 0 ? _options.HashesAtATime : Math.Max(1, Environment.ProcessorCount / 2);
        _turns = new SemaphoreSlim(AtATime, AtATime);
        // Verified when there is no account, at the same cost; no one knows its password.
        _decoy = Make(RandomNumberGenerator.GetHexString(64));
    }

    public int AtATime { get; }

    /// <summary>The number of hashes computed for callers, counted for tests.</summary>
    public long Performed => Interlocked.Read(ref _performed);

    /// <exception cref="TooBusyException">Too many are already waiting.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancellation) => InTurnAsync(() => Make(password), cancellation);

    /// <summary>Without a stored hash, a decoy is verified instead, and the result is false.</summary>
    /// <exception cref="TooBusyException">Too many are already waiting.</exception>
    public Task<bool> VerifyAsync(string? stored, string password, CancellationToken cancellation) => InTurnAsync(() => Verify(stored, password), cancellation);

    /// <summary>Refuses a request up front, before anything is written, if the queue would refuse it later: a flood then costs no database work.</summary>
    /// <exception cref="TooBusyException">Too many are already waiting.</exception>
    public void RefuseWhenFull()
    {
        if (Volatile.Read(ref _inside) >= AtATime + _options.MaxWaiting)
        {
            throw new TooBusyException();
        }
    }

    /// <summary>Whether a hash has an older cost, pepper or version: hash again while the password is available.</summary>
    public bool IsOutdated(string stored) =>
        !TryParse(stored, out var pepper, out var bcrypt)
        || !pepper.AsSpan().SequenceEqual(_keyring.Derive(Purpose))
        || !Bcrypt.TryParse(bcrypt, out var cost) || cost != _options.Cost;

    public void Dispose() => _turns.Dispose();

    private const string Purpose = "password-pepper";

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _inside) > AtATime + _options.MaxWaiting)
        {
            Interlocked.Decrement(ref _inside);
            throw new TooBusyException();
        }

        try
        {
            await _turns.WaitAsync(cancellation);
            try
            {
                Interlocked.Increment(ref _performed);
                Hashes.Add(1);
                // On a dedicated thread, so that the thread pool stays free for other requests.
                return await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    private string Make(string password)
    {
        var pepper = _keyring.Derive(Purpose);
        return $"{Version}.{NameOf(pepper)}.{Bcrypt.Hash(Peppered(pepper, password), _options.Cost)}";
    }

    private bool Verify(string? stored, string password)
    {
        if (stored is not null && TryParse(stored, out var pepper, out var bcrypt))
        {
            return Bcrypt.Verify(Peppered(pepper, password), bcrypt);
        }

        _ = TryParse(_decoy, out pepper, out bcrypt) && Bcrypt.Verify(Peppered(pepper, password), bcrypt);
        return false;
    }

    private bool TryParse(string stored, out byte[] pepper, out string bcrypt)
    {
        (pepper, bcrypt) = ([], "");
        if (stored.Split('.', 3) is not [Version, var name, var hash] || !Bcrypt.TryParse(hash, out _)
            || _keyring.DeriveAll(Purpose).FirstOrDefault(key => NameOf(key) == name) is not { } found)
        {
            return false;
        }

        (pepper, bcrypt) = (found, hash);
        return true;
    }

    private static string Peppered(byte[] pepper, string password) => Convert.ToBase64String(HMACSHA384.HashData(pepper, Encoding.UTF8.GetBytes(OpaqueString.Of(password))));

    /// <summary>Identifies a pepper without revealing it.</summary>
    private static string NameOf(byte[] pepper) => Convert.ToHexStringLower(HMACSHA256.HashData(pepper, "name"u8).AsSpan(0, 4));
}
