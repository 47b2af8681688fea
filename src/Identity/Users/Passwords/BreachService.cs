using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Passwords;

namespace Proofsheet.Identity.Users.Passwords;

/// <summary>
/// Checks whether a password has been leaked, revealing only five hexadecimal digits of its hash. This is best effort: without a response in time, the
/// password is accepted and that is logged.
/// </summary>
internal sealed class BreachService(HttpClient http, IOptions<PasswordSettings> options, ILogger<BreachService> log)
{
    private const int MaxAnswerBytes = 512 << 10;

    public async Task<bool> KnowsAsync(string password, CancellationToken cancellation)
    {
        if (options.Value.BreachRangeUrl is not { Length: > 0 } url)
        {
            return false;
        }

#pragma warning disable CA5350 // The service requires SHA-1; no security depends on it here.
        var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(OpaqueString.Of(password))));
#pragma warning restore CA5350
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Value.BreachTimeoutMilliseconds);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url + hash[..5]);
            // Otherwise the length of the response would reveal the range.
            request.Headers.TryAddWithoutValidation("Add-Padding", "true");
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            answer.EnsureSuccessStatusCode();
            await answer.Content.LoadIntoBufferAsync(MaxAnswerBytes, limit.Token);
            var lines = (await answer.Content.ReadAsStringAsync(limit.Token)).Split('\n', StringSplitOptions.TrimEntries);
            // Padding entries have a count of 0.
            return lines.Any(line => line.StartsWith(hash[5..] + ":", StringComparison.OrdinalIgnoreCase) && !line.EndsWith(":0", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            log.LogWarning(e, "A password was taken without asking the breach service, which did not answer");
            return false;
        }
    }
}
