using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Kernel;

namespace Proofsheet.Api.Data.Idempotency;

/// <summary>
/// Gives a POST its Idempotency-Key (24 hours; same key and request, same answer). The handler runs inside one
/// transaction that also saves the answer, so a kill leaves either both or neither, and a retry is safe after any of them.
/// </summary>
internal static class IdempotencyMiddleware
{
    public const string Header = "Idempotency-Key";
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private const string Purpose = "idempotency";
    private static readonly string[] KeptHeaders = ["Location", "ETag"];

    public static IApplicationBuilder UseIdempotencyKeys(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.Headers.TryGetValue(Header, out var given)
            || http.GetEndpoint()?.Metadata.GetMetadata<NoIdempotency>() is not null)
        {
            await next(http);
            return;
        }

        var key = given.ToString();
        if (given.Count != 1 || key.Length is 0 or > IdempotencyRecord.MaxKeyLength || key.Any(c => c is <= ' ' or > '~'))
        {
            await Problems.BadRequest("invalid_idempotency_key", "Idempotency-Key is 1 to 128 visible ASCII characters.").ExecuteAsync(http);
            return;
        }

        var caller = http.RequestServices.GetRequiredService<Caller>();
        if (caller.Kind == CallerKind.Anonymous)
        {
            await next(http);
            return;
        }

        var tenant = http.RequestServices.GetRequiredService<TenantContext>();
        var owner = tenant.IsSet ? tenant.Current.ToString() : "platform";
        var inFlight = http.RequestServices.GetRequiredService<InFlightKeys>();
        if (!inFlight.TryEnter(owner, caller.Name, key, out var leave))
        {
            await InFlight(http);
            return;
        }

        using (leave)
        {
            await RunAsync(http, next, owner, caller.Name, key);
        }
    });

    private static async Task RunAsync(HttpContext http, RequestDelegate next, string owner, string callerName, string key)
    {
        var cancellation = http.RequestAborted;
        var db = http.RequestServices.GetRequiredService<ProofsheetDb>();
        var clock = http.RequestServices.GetRequiredService<TimeProvider>();
        var keys = http.RequestServices.GetRequiredService<Keyring>();
        var hash = keys.Fingerprint(Purpose, await DigestAsync(http, cancellation));

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var known = await FindAsync(db, owner, callerName, key, cancellation);
        if (known is not null && known.CreatedAt + Lifetime > clock.GetUtcNow())
        {
            await transaction.RollbackAsync(cancellation);
            await ReplayAsync(http, known, hash, keys);
            return;
        }

        if (known is not null)
        {
            await db.Set<IdempotencyRecord>().Where(r => r.Owner == owner && r.CallerName == callerName && r.Key == key).ExecuteDeleteAsync(cancellation);
        }

        var record = new IdempotencyRecord { Owner = owner, CallerName = callerName, Key = key, RequestHash = hash, CreatedAt = clock.GetUtcNow() };
        db.Add(record);
        try
        {
            // Claims the key: a second process waits here for our commit, and then sees the row.
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            await transaction.RollbackAsync(cancellation);
            await InFlight(http);
            return;
        }

        var body = http.Response.Body;
        using var captured = new MemoryStream();
        http.Response.Body = captured;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
        }

        var answer = captured.ToArray();
        // A failure of ours, a wait or a conflict is not an answer to keep: the same key may try again.
        if (http.Response.StatusCode is >= 500 or 429 or 409 or 401 or 403)
        {
            await transaction.RollbackAsync(CancellationToken.None);
        }
        else
        {
            record.Status = http.Response.StatusCode;
            record.ContentType = http.Response.ContentType;
            record.Headers = string.Join('\n', KeptHeaders.Where(http.Response.Headers.ContainsKey).Select(h => $"{h}: {http.Response.Headers[h]}"));
            record.Body = keys.Seal(Purpose, answer);
            if (db.Entry(record).State == EntityState.Detached)
            {
                db.Attach(record).State = EntityState.Modified;
            }

            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        await body.WriteAsync(answer, CancellationToken.None);
    }

    private static Task<IdempotencyRecord?> FindAsync(ProofsheetDb db, string owner, string callerName, string key, CancellationToken cancellation) =>
        db.Set<IdempotencyRecord>().AsNoTracking().SingleOrDefaultAsync(r => r.Owner == owner && r.CallerName == callerName && r.Key == key, cancellation);

    private static async Task ReplayAsync(HttpContext http, IdempotencyRecord known, string hash, Keyring keys)
    {
        if (known.RequestHash != hash)
        {
            await Problems.Rule("idempotency_key_reused", "This Idempotency-Key was used for another request.").ExecuteAsync(http);
            return;
        }

        if (keys.Open(Purpose, known.Body) is not { } answer)
        {
            await Problems.Conflict("idempotency_answer_lost", "The request was carried out, but its answer was kept under a master key that is gone. Read what it made.").ExecuteAsync(http);
            return;
        }

        http.Response.StatusCode = known.Status;
        http.Response.ContentType = known.ContentType;
        http.Response.Headers["Idempotency-Replayed"] = "true";
        foreach (var line in known.Headers.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            http.Response.Headers[name] = value;
        }

        await http.Response.Body.WriteAsync(answer, http.RequestAborted);
    }

    private static Task InFlight(HttpContext http) =>
        Problems.Conflict("idempotency_in_flight", "The first request with this Idempotency-Key is still at work.").ExecuteAsync(http);

    private static async Task<byte[]> DigestAsync(HttpContext http, CancellationToken cancellation)
    {
        http.Request.EnableBuffering();
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            sha.AppendData(buffer, 0, read);
        }

        http.Request.Body.Position = 0;
        return sha.GetHashAndReset();
    }
}

/// <summary>Marks a POST that streams (an upload) and has its own way of being repeated safely.</summary>
internal sealed class NoIdempotency : SkipsIdempotencyKey;

/// <summary>The keys this process works on, so that a concurrent repeat is told at once instead of waiting.</summary>
internal sealed class InFlightKeys
{
    private readonly ConcurrentDictionary<(string Owner, string Caller, string Key), byte> _keys = new();

    public bool TryEnter(string owner, string caller, string key, out IDisposable leave)
    {
        var entry = (owner, caller, key);
        leave = new Leave(this, entry);
        return _keys.TryAdd(entry, 0);
    }

    private sealed class Leave(InFlightKeys keys, (string, string, string) entry) : IDisposable
    {
        public void Dispose() => keys._keys.TryRemove(entry, out _);
    }
}
