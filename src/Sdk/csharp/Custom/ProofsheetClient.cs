using System.Net.Http.Headers;

namespace Proofsheet.Sdk;

/// <summary>
/// A client of the Proofsheet API with one credential. Groups such as <c>client.Galleries</c> have one method per operation; errors that the
/// API returns are thrown as <see cref="ProofsheetException"/>. Thread-safe: create one and reuse it.
/// </summary>
public sealed partial class ProofsheetClient : IDisposable
{
    private readonly ProofsheetOptions _options;
    private readonly HttpClient _inner;
    private readonly HttpClient _http;

    /// <summary>Creates a client for the API at this address, with this key or token.</summary>
    public ProofsheetClient(Uri baseAddress, string? key = null)
        : this(new ProofsheetOptions { BaseAddress = baseAddress, Key = key })
    {
    }

    /// <summary>Creates a client with these options.</summary>
    public ProofsheetClient(ProofsheetOptions options)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        // RetryingHandler limits the time of each try; uploads have no limit.
        _inner = options.HttpClient ?? new HttpClient { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _http = new HttpClient(new RetryingHandler(options, _inner))
        {
            BaseAddress = new Uri(options.BaseAddress.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        var name = typeof(ProofsheetClient).Assembly.GetName();
        var own = new ProductInfoHeaderValue("Proofsheet.Sdk", name.Version?.ToString(3) ?? "0");
        if (options.UserAgent is { } theirs)
        {
            _http.DefaultRequestHeaders.UserAgent.ParseAdd(theirs);
        }

        _http.DefaultRequestHeaders.UserAgent.Add(own);
        _http.DefaultRequestHeaders.Add("Proofsheet-Version", ApiVersion);
    }

    /// <summary>Returns a client of the same API with another credential, such as the token of a visitor who unlocked a gallery.</summary>
    public ProofsheetClient As(string token) => new(_options with { Key = token, KeyProvider = null, Tokens = null });

    /// <inheritdoc />
    public void Dispose()
    {
        _http.Dispose();
        if (_options.HttpClient is null)
        {
            _inner.Dispose();
        }
    }
}
