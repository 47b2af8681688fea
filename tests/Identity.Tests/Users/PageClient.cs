using System.Net;
using System.Text.RegularExpressions;
using Proofsheet.Identity.Tests.Support;

namespace Proofsheet.Identity.Tests.Users;

/// <summary>A browser without scripts: keeps cookies (Secure ones also on http://localhost, as browsers do), reads forms and submits them.</summary>
public sealed partial class PageClient(IdentityHost identity) : IDisposable
{
    private readonly HttpClient _http = identity.Http();

    public Dictionary<string, string> Cookies { get; } = [];

    public string UserAgent { get; init; } = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    /// <summary>The value of this browser's <c>Cookie</c> header.</summary>
    public string CookieHeader => string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}"));

    public string? Session => Cookies.GetValueOrDefault("__Host-proofsheet.session");

    public Task<PageAnswer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Loads the page and submits its form, with only these fields changed.</summary>
    public async Task<PageAnswer> SubmitAsync(string path, params (string Name, string Value)[] fields) => await PostAsync(path, (await GetAsync(path)).FormToken, fields);

    /// <summary>Submits a form with the token of another page, or none.</summary>
    public Task<PageAnswer> PostAsync(string path, string? token, params (string Name, string Value)[] fields)
    {
        var all = fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).ToList();
        if (token is not null)
        {
            all.Add(KeyValuePair.Create("__RequestVerificationToken", token));
        }

        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(all) });
    }

    public async Task<PageAnswer> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", CookieHeader);
        }

        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        using var answer = await _http.SendAsync(request);
        var cookies = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.ToList() : [];
        foreach (var cookie in cookies)
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0 || cookie.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase))
            {
                Cookies.Remove(pair[0]);
            }
            else
            {
                Cookies[pair[0]] = pair[1];
            }
        }

        return new PageAnswer(
            answer.StatusCode,
            await answer.Content.ReadAsStringAsync(),
            answer.Headers.Location?.OriginalString,
            cookies,
            answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public void Dispose() => _http.Dispose();
}

public sealed partial record PageAnswer(HttpStatusCode Status, string Body, string? Location, IReadOnlyList<string> SetCookies, IReadOnlyDictionary<string, string> Headers)
{
    public string FormToken => FormTokenPattern().Match(Body) is { Success: true } found ? found.Groups[1].Value : throw new InvalidOperationException($"No form on the page ({(int)Status}, {Location}).");

    /// <summary>Where the page redirects by itself.</summary>
    public string? Onward => RefreshPattern().Match(Body) is { Success: true } found ? WebUtility.HtmlDecode(found.Groups[1].Value) : null;

    /// <summary>The visible text of the page.</summary>
    public string Text => WebUtility.HtmlDecode(Spaces().Replace(Tags().Replace(Body, " "), " ")).Trim();

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="([^"]+)""")]
    private static partial Regex FormTokenPattern();

    [GeneratedRegex("""http-equiv="refresh" content="0;url=([^"]+)""")]
    private static partial Regex RefreshPattern();

    [GeneratedRegex("<style.*?</style>|<[^>]+>", RegexOptions.Singleline)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
