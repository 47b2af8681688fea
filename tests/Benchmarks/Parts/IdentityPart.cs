using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>The token endpoint under load, the API with and without a token, sign-ins, and the effect of a flood of sign-ins on other requests.</summary>
internal sealed partial class IdentityPart : IPart
{
    private const int Connections = 8;
    private const int Rounds = 3;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    public string Name => "identity";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var authority = await SignedUp.StartAsync();
        await using var api = await Server.ApiAsync("", new()
        {
            ["Authorities__0__Issuer"] = authority.Server.Address.GetLeftPart(UriPartial.Authority),
            ["Authorities__0__KeyRetrySeconds"] = "1",
        });
        return [.. await TokensAsync(authority), .. await ApiAsync(authority, api), .. await PasswordsAsync(authority), .. await FloodAsync(authority, api)];
    }

    private static async Task<IEnumerable<Row>> TokensAsync(SignedUp authority)
    {
        var refresh = new string[Connections];
        for (var i = 0; i < Connections; i++)
        {
            refresh[i] = (await authority.SignInAsync())["refreshToken"]!.GetValue<string>();
        }

        var (programs, refreshes, documents) = (new List<Load.Outcome>(), new List<Load.Outcome>(), new List<Load.Outcome>());
        for (var round = 0; round < Rounds; round++)
        {
            programs.Add(await Load.RunAsync(authority.Server.Address, Connections, Time, (http, _) => SignedUp.ProgramTokenAsync(http)));
            refreshes.Add(await Load.RunAsync(authority.Server.Address, Connections, Time, async (http, number) =>
                refresh[number] = (await SignedUp.RefreshAsync(http, refresh[number]))["refresh_token"]!.GetValue<string>()));
            documents.Add(await Load.RunAsync(authority.Server.Address, Connections, Time, (http, _) => http.GetByteArrayAsync("/.well-known/openid-configuration")));
        }

        const string Peer = "its discovery document";
        return
        [
            new("tokens by client credentials, requests/s", Rate(programs), Peer, Rate(documents), HigherIsBetter: true),
            new("tokens by client credentials, p95 ms", Slow(programs), Peer, Slow(documents)),
            new("refreshed tokens, requests/s", Rate(refreshes), Peer, Rate(documents), HigherIsBetter: true),
            new("refreshed tokens, p95 ms", Slow(refreshes), Peer, Slow(documents)),
        ];
    }

    /// <summary>One connection, so that the difference is the work and not queueing.</summary>
    private static async Task<IEnumerable<Row>> ApiAsync(SignedUp authority, Server api)
    {
        var token = (await authority.SignInAsync())["accessToken"]!.GetValue<string>();
        async Task CallAsync(HttpClient http, bool withToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
            request.Headers.Authorization = withToken ? new AuthenticationHeaderValue("Bearer", token) : null;
            using var answer = await http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }

        var (with, without) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            with.AddRange((await Load.RunAsync(api.Address, 1, Time, (http, _) => CallAsync(http, true))).Milliseconds);
            without.AddRange((await Load.RunAsync(api.Address, 1, Time, (http, _) => CallAsync(http, false))).Milliseconds);
        }

        return [new("API call with an access token, p50 µs", Report.Median(with) * 1000, "the same call without one", Report.Median(without) * 1000)];
    }

    private static async Task<IEnumerable<Row>> PasswordsAsync(SignedUp authority)
    {
        var form = await authority.FormAsync();
        var attempts = new List<Load.Outcome>();
        var theirs = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            attempts.Add(await Load.RunAsync(authority.Server.Address, 2, Time, (http, _) => SignedUp.TryPasswordAsync(http, form)));
            theirs.Add(LibcryptPerSecond());
        }

        return [new("sign-ins a second, bcrypt cost 12", Rate(attempts), "libcrypt's bcrypt cost 12, one core", Report.Median(theirs), HigherIsBetter: true)];
    }

    private static async Task<IEnumerable<Row>> FloodAsync(SignedUp authority, Server api)
    {
        var form = await authority.FormAsync();
        var (quietTokens, quietApi) = (await PacedAsync(authority.Server.Address, SignedUp.ProgramTokenAsync), await PacedAsync(api.Address, http => http.GetStringAsync("/health/ready")));
        var (taken, refused) = (0, 0);
        var flood = Load.RunAsync(authority.Server.Address, 64, Time * 3, async (http, _) =>
        {
            if (await SignedUp.TryPasswordAsync(http, form))
            {
                Interlocked.Increment(ref taken);
            }
            else
            {
                Interlocked.Increment(ref refused);
                await Task.Delay(100);
            }
        });
        await Task.Delay(TimeSpan.FromSeconds(1));
        var tokens = await PacedAsync(authority.Server.Address, SignedUp.ProgramTokenAsync);
        var calls = await PacedAsync(api.Address, http => http.GetStringAsync("/health/ready"));
        await flood;
        Console.WriteLine($"  the flood: {taken} attempts were taken up, {refused} sent away");
        return
        [
            new("token by client credentials during a flood of sign-ins, p95 ms", Report.Percentile(tokens, 0.95), "without the flood", Report.Percentile(quietTokens, 0.95)),
            new("API's /health/ready during a flood of sign-ins, p95 ms", Report.Percentile(calls, 0.95), "without the flood", Report.Percentile(quietApi, 0.95)),
        ];
    }

    /// <summary>A request every 20 ms for some seconds, no matter how long the previous one took.</summary>
    private static async Task<List<double>> PacedAsync(Uri server, Func<HttpClient, Task> request)
    {
        using var http = new HttpClient { BaseAddress = server };
        await request(http);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var running = new List<Task<double>>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Time && await timer.WaitForNextTickAsync())
        {
            running.Add(TimedAsync());
        }

        return [.. await Task.WhenAll(running)];

        async Task<double> TimedAsync()
        {
            var start = Stopwatch.GetTimestamp();
            await request(http);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static double Rate(IEnumerable<Load.Outcome> rounds) => Report.Median(rounds.Select(r => r.PerSecond));

    private static double Slow(IEnumerable<Load.Outcome> rounds) => Report.Percentile(rounds.SelectMany(r => r.Milliseconds), 0.95);

    private static double LibcryptPerSecond()
    {
        const int Times = 5;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Times; i++)
        {
            if (Crypt("a password of some length", "$2b$12$abcdefghijklmnopqrstuu") == 0)
            {
                throw new InvalidOperationException("libcrypt knows no bcrypt.");
            }
        }

        return Times / clock.Elapsed.TotalSeconds;
    }

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Crypt(string password, string setting);
}
