using System.Net.Http.Headers;

namespace Proofsheet.Sdk;

/// <summary>
/// The Proofsheet API for one credential. Groups such as <c>client.Galleries</c> hold one method for each operation;
/// what the API refuses is thrown as a <see cref="ProofsheetException"/>. Thread-safe: make one and keep it.
/// </summary>
public sealed partial class ProofsheetClient : IDisposable
{
    private readonly ProofsheetOptions _options;
    private readonly HttpClient _inner;
    private readonly HttpClient _http;

    /// <summary>A client of the API at this address, with this key or token.</summary>
    public ProofsheetClient(Uri baseAddress, string? key = null)
        : this(new ProofsheetOptions { BaseAddress = baseAddress, Key = key })
    {
    }

    /// <summary>A client as the options say.</summary>
    public ProofsheetClient(ProofsheetOptions options)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        // Each try has its own time limit, and an upload none.
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

    /// <summary>The same API for another caller, such as the visitor a gallery was unlocked for.</summary>
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
