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

/// <summary>Stands before every guess: counts it at the address, the gallery and overall, and says when it is enough.</summary>
internal sealed class UnlockGuard(AttemptCounters counters, Keyring keyring, IHttpContextAccessor http, IOptions<UnlockOptions> options)
{
    private readonly UnlockOptions _options = options.Value;

    /// <summary>Counts a guess; a refusal with Retry-After when it may not be made.</summary>
    /// <param name="gallery">Null where the slug names none.</param>
    /// <param name="cancellation">Ends the counting.</param>
    /// <param name="door">Which of the gallery's secrets is guessed at: each is counted by itself.</param>
    public async Task<(IReadOnlyList<AttemptLimit> Taken, ProblemHttpResult? Refused)> BeginAsync(Id<Gallery>? gallery, CancellationToken cancellation, string door = "gallery")
    {
        var taken = new List<AttemptLimit>();
        foreach (var limit in Limits(gallery, door))
        {
            if (await counters.TakeAsync(limit, cancellation) is { } wait)
            {
                // Not guessed, so not counted where there was still room.
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

    /// <summary>Counts a new visitor; a refusal where one address makes too many.</summary>
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
    /// The connection's address, which only a configured proxy may change (ForwardedHeaders:KnownProxies), as a keyed hash:
    /// counters keep no addresses. In IPv6 a customer has at least a /64, so that is what counts.
    /// </summary>
    private string Address()
    {
        var address = http.HttpContext?.Connection.RemoteIpAddress ?? IPAddress.None;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = address.GetAddressBytes();
        var counted = address.AddressFamily == AddressFamily.InterNetworkV6 ? bytes.AsSpan(0, 8) : bytes;
        return Convert.ToHexStringLower(HMACSHA256.HashData(keyring.Derive("attempt-address"), counted).AsSpan(0, 16));
    }
}
