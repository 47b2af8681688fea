using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Identity.Users.Passwords;

/// <summary>More passwords wait to be hashed than the machine takes on: answered with 503 and Retry-After.</summary>
internal sealed class TooBusyException() : Exception("Too many passwords wait to be hashed.");

/// <summary>
/// Hashes passwords: bcrypt over base64(HMAC-SHA-384(pepper, password)), so that length and bytes of a password do not matter to
/// bcrypt, and the database alone is not enough to guess. Stored as <c>b1.PEPPER.$2b$…</c>: the version of the scheme, which pepper,
/// and bcrypt's own text. Each call here costs exactly one hash, whatever it is given. Passwords are taken as browsers send them, which is
/// composed: normalizing them would make existing hashes worthless.
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
        // What is verified where there is no account: of the same cost, and of a password that nobody knows.
        _decoy = Make(RandomNumberGenerator.GetHexString(64));
    }

    public int AtATime { get; }

    /// <summary>How many hashes were made for callers; tests count them.</summary>
    public long Performed => Interlocked.Read(ref _performed);

    /// <exception cref="TooBusyException">Too many wait already.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancellation) => InTurnAsync(() => Make(password), cancellation);

    /// <summary>Without a stored hash, a decoy is verified in its place, and the answer is false.</summary>
    /// <exception cref="TooBusyException">Too many wait already.</exception>
    public Task<bool> VerifyAsync(string? stored, string password, CancellationToken cancellation) => InTurnAsync(() => Verify(stored, password), cancellation);

    /// <summary>Sends away at once, before anything is written, whom the queue would send away later: a flood then costs the database nothing.</summary>
    /// <exception cref="TooBusyException">Too many wait already.</exception>
    public void RefuseWhenFull()
    {
        if (Volatile.Read(ref _inside) >= AtATime + _options.MaxWaiting)
        {
            throw new TooBusyException();
        }
    }

    /// <summary>Whether a hash is of an older cost, pepper or version: hash again while the password is at hand.</summary>
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
                // On a thread of its own: the pool's few threads answer others meanwhile.
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

    private static string Peppered(byte[] pepper, string password) => Convert.ToBase64String(HMACSHA384.HashData(pepper, Encoding.UTF8.GetBytes(password)));

    /// <summary>Tells peppers apart without telling anything about them.</summary>
    private static string NameOf(byte[] pepper) => Convert.ToHexStringLower(HMACSHA256.HashData(pepper, "name"u8).AsSpan(0, 4));
}
