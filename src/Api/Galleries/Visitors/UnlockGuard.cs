using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Hosting;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>A guess that may be made, and what it was counted against.</summary>
/// <param name="Gallery">Null if there is no gallery with the slug.</param>
/// <param name="Door">Which of the gallery's secrets is guessed.</param>
/// <param name="Taken">The limits that hold the guess until it turns out to be right.</param>
internal sealed record CountedGuess(Id<Gallery>? Gallery, string Door, IReadOnlyList<AttemptLimit> Taken);

/// <summary>
/// Runs before every guess: counts it by gallery and address, and refuses it when there were too many. Guesses from many addresses refuse nobody; they only
/// lower what each further address may guess (<see cref="GuessWatch"/>), so that they cannot lock the guests out.
/// </summary>
internal sealed class UnlockGuard(AttemptCounters counters, GuessWatch watch, Keyring keyring, IHttpContextAccessor http, IOptions<UnlockOptions> options)
{
    private readonly UnlockOptions _options = options.Value;

    /// <summary>Counts a guess. Returns a refusal with Retry-After if it is not allowed.</summary>
    /// <param name="gallery">Null if there is no gallery with the slug.</param>
    /// <param name="cancellation">Cancels the counting.</param>
    /// <param name="door">Which of the gallery's secrets is guessed; each is counted separately.</param>
    /// <param name="formerVisitor">The visitor of an earlier token of this gallery, who is no stranger: counted apart from them, and never slowed by their guesses.</param>
    public async Task<(CountedGuess Guess, ProblemHttpResult? Refused)> BeginAsync(
        Id<Gallery>? gallery, CancellationToken cancellation, string door = "gallery", string? formerVisitor = null)
    {
        var taken = new List<AttemptLimit>();
        foreach (var limit in await LimitsAsync(gallery, door, formerVisitor, cancellation))
        {
            if (await counters.TakeAsync(limit, cancellation) is { } wait)
            {
                // The guess was not made, so it does not count against the limits that still had room.
                await GiveBackAsync(taken, cancellation);
                return (new(gallery, door, []), Refuse(wait));
            }

            taken.Add(limit);
        }

        return (new(gallery, door, taken), null);
    }

    /// <summary>
    /// The guess was right. It also makes up for a wrong one, at this address and at the gallery: guests who share an address mistype, and who knows the
    /// secret has nothing left to guess.
    /// </summary>
    public async Task SucceedAsync(CountedGuess guess, CancellationToken cancellation)
    {
        await GiveBackAsync(guess.Taken, cancellation);
        await GiveBackAsync(guess.Taken.Where(l => l.IsOfGallery), cancellation);
        if (guess.Gallery is { } gallery)
        {
            await watch.ForgiveAsync(gallery, guess.Door, cancellation);
        }
    }

    public async Task FailAsync(CountedGuess guess, CancellationToken cancellation)
    {
        foreach (var limit in guess.Taken)
        {
            await counters.FailAsync(limit, TimeSpan.FromHours(_options.LongestWaitHours), cancellation);
        }

        if (guess.Gallery is { } gallery)
        {
            await watch.CountAsync(gallery, guess.Door, cancellation);
        }
    }

    /// <summary>Counts a new visitor. Returns a refusal if one address creates too many.</summary>
    public async Task<ProblemHttpResult?> AdmitVisitorAsync(Id<Gallery> gallery, CancellationToken cancellation)
    {
        var here = new AttemptLimit($"visitors:{Hashed($"{gallery}")}", _options.VisitorsPerGallery, TimeSpan.FromHours(1));
        if (await counters.TakeAsync(here, cancellation) is { } wait)
        {
            return Refuse(wait);
        }

        if (await counters.TakeAsync(new($"visitors:{Hashed("")}", _options.VisitorsPerAddress, TimeSpan.FromHours(1)), cancellation) is { } longer)
        {
            await counters.GiveBackAsync(here, cancellation);
            return Refuse(longer);
        }

        return null;
    }

    private async Task<IReadOnlyList<AttemptLimit>> LimitsAsync(Id<Gallery>? gallery, string door, string? formerVisitor, CancellationToken cancellation)
    {
        var window = TimeSpan.FromMinutes(_options.AddressWindowMinutes);
        if (gallery is not { } id)
        {
            return [new($"slugs:{Hashed("")}", _options.FailuresPerAddress, window)];
        }

        if (formerVisitor is not null)
        {
            // By visitor, because a token can be used from any address; and by address, because one person can have been many visitors.
            return
            [
                new($"former:{Hashed($"{door} {id}")}", _options.FailuresPerAddress, window) { IsOfGallery = true },
                new($"former:{Hash($"{door} {formerVisitor}")}", _options.FailuresPerAddress, window),
            ];
        }

        var (most, during) = await watch.IsAlarmedAsync(id, door, cancellation)
            ? (_options.FailuresPerStranger, TimeSpan.FromMinutes(_options.StrangerWindowMinutes))
            : (_options.FailuresPerAddress, window);
        return
        [
            new($"stranger:{Hashed($"{door} {id}")}", most, during) { IsOfGallery = true },
            new($"address:{Hashed("")}", _options.FailuresPerAddressEverywhere, TimeSpan.FromHours(1)),
        ];
    }

    private async Task GiveBackAsync(IEnumerable<AttemptLimit> limits, CancellationToken cancellation)
    {
        foreach (var limit in limits)
        {
            await counters.GiveBackAsync(limit, cancellation);
        }
    }

    private ProblemHttpResult Refuse(TimeSpan wait)
    {
        var seconds = RetryAfter.Write(http.HttpContext!, wait);
        return Problems.Of(429, "too_many_attempts", $"Too many attempts. Wait {RetryAfter.Words(seconds)} and try again.");
    }

    /// <summary>The caller's address together with what it tries, as a keyed hash, so that counters store no addresses.</summary>
    private string Hashed(string what) => Hash($"{AddressKey.Of(http.HttpContext)} {what}");

    private string Hash(string text) => keyring.Fingerprint("attempt-address", Encoding.UTF8.GetBytes(text))[..32];
}
