using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>Runs before every guess: counts it per address, per gallery and overall, and refuses it when there were too many.</summary>
internal sealed class UnlockGuard(AttemptCounters counters, Keyring keyring, IHttpContextAccessor http, IOptions<UnlockOptions> options)
{
    private readonly UnlockOptions _options = options.Value;

    /// <summary>Counts a guess. Returns a refusal with Retry-After if it is not allowed.</summary>
    /// <param name="gallery">Null if there is no gallery with the slug.</param>
    /// <param name="cancellation">Cancels the counting.</param>
    /// <param name="door">Which of the gallery's secrets is guessed; each is counted separately.</param>
    public async Task<(IReadOnlyList<AttemptLimit> Taken, ProblemHttpResult? Refused)> BeginAsync(Id<Gallery>? gallery, CancellationToken cancellation, string door = "gallery")
    {
        var taken = new List<AttemptLimit>();
        foreach (var limit in Limits(gallery, door))
        {
            if (await counters.TakeAsync(limit, cancellation) is { } wait)
            {
                // The guess was not made, so it does not count against the limits that still had room.
                await SucceedAsync(taken, cancellation);
                return ([], Refuse(wait));
            }

            taken.Add(limit);
        }

        return (taken, null);
    }

    public async Task SucceedAsync(IEnumerable<AttemptLimit> taken, CancellationToken cancellation)
    {
        foreach (var limit in taken)
        {
            await counters.GiveBackAsync(limit, cancellation);
        }
    }

    public async Task FailAsync(IEnumerable<AttemptLimit> taken, CancellationToken cancellation)
    {
        foreach (var limit in taken)
        {
            await counters.FailAsync(limit, TimeSpan.FromHours(_options.LongestWaitHours), cancellation);
        }
    }

    /// <summary>Counts a new visitor. Returns a refusal if one address creates too many.</summary>
    public async Task<ProblemHttpResult?> AdmitVisitorAsync(CancellationToken cancellation) =>
        await counters.TakeAsync(new($"visitors:{Address()}", _options.VisitorsPerAddressPerHour, TimeSpan.FromHours(1)), cancellation) is { } wait ? Refuse(wait) : null;

    private IEnumerable<AttemptLimit> Limits(Id<Gallery>? gallery, string door)
    {
        yield return new($"address:{Address()}", _options.FailuresPerAddress, TimeSpan.FromMinutes(_options.AddressWindowMinutes));
        if (gallery is { } id)
        {
            yield return new($"{door}:{id}", _options.FailuresPerGallery, TimeSpan.FromMinutes(_options.GalleryWindowMinutes));
        }

        yield return new("overall", _options.FailuresOverall, TimeSpan.FromMinutes(_options.OverallWindowMinutes));
    }

    private ProblemHttpResult Refuse(TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        http.HttpContext!.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Problems.Of(429, "too_many_attempts", $"Too many attempts. Wait {Words(seconds)} and try again.");
    }

    private static string Words(int seconds) => seconds <= 90 ? $"{seconds} seconds" : $"{(seconds + 59) / 60} minutes";

    /// <summary>
    /// The address of the connection, which only a configured proxy can override (ForwardedHeaders:KnownProxies), as a keyed hash,
    /// so that counters store no addresses. IPv6 customers have at least a /64, so a /64 is counted as one address.
    /// </summary>
    internal string Address()
    {
        var address = http.HttpContext?.Connection.RemoteIpAddress ?? IPAddress.None;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = address.GetAddressBytes();
        var counted = address.AddressFamily == AddressFamily.InterNetworkV6 ? bytes.AsSpan(0, 8) : bytes;
        return Convert.ToHexStringLower(HMACSHA256.HashData(keyring.Derive("attempt-address"), counted).AsSpan(0, 16));
    }
}
