using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Auth.AccessTokens;

/// <summary>The configured authorities, by their issuer.</summary>
internal sealed class Authorities(IOptions<AuthorityList> options, IHttpClientFactory clients, TimeProvider clock, ILogger<Authority> log)
{
    private readonly Dictionary<string, Authority> _byIssuer =
        options.Value.Items.ToDictionary(a => a.Issuer, a => new Authority(a, clients, clock, log), StringComparer.Ordinal);

    public IReadOnlyCollection<Authority> All => _byIssuer.Values;

    public Authority? Of(string issuer) => _byIssuer.GetValueOrDefault(issuer);
}

/// <summary>Fetches keys at startup and keeps them fresh, so that requests hardly ever wait for them. Startup does not wait either.</summary>
internal sealed class AuthorityRefresher(Authorities authorities, TimeProvider clock) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(authorities.All.Select(a => KeepAsync(a, stoppingToken)));

    private async Task KeepAsync(Authority authority, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(authority.Options.KeyRetrySeconds), clock);
        var refresh = TimeSpan.FromSeconds(authority.Options.KeyRefreshSeconds);
        do
        {
            if (!authority.IsFreshFor(refresh / 2))
            {
                await authority.RefreshAsync();
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
