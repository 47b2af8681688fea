using Microsoft.Extensions.Primitives;

namespace Proofsheet.Identity.Protocol.Web;

/// <summary>
/// The parameters of a request, each at most once (RFC 6749 section 3.1) but for <c>resource</c> (RFC 8707 section 2). An empty one counts as left out.
/// </summary>
internal sealed class OAuthParameters
{
    private const int MaxCount = 40;
    private const int MaxValueLength = 16 * 1024;
    private readonly Dictionary<string, string> _values;

    private OAuthParameters(Dictionary<string, string> values, IReadOnlyList<string> resources) => (_values, Resources) = (values, resources);

    public string? this[string name] => _values.GetValueOrDefault(name);

    public IReadOnlyList<string> Resources { get; }

    /// <summary>The same with one parameter set, e.g. the client that authenticated by a header.</summary>
    public OAuthParameters With(string name, string value) => new(new(_values, StringComparer.Ordinal) { [name] = value }, Resources);

    public static Outcome<OAuthParameters> FromQuery(IQueryCollection query) => Read(query);

    /// <summary>The body as application/x-www-form-urlencoded, and nothing else.</summary>
    public static async Task<Outcome<OAuthParameters>> FromFormAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentType?.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
        {
            return OAuthError.InvalidRequest("The body is application/x-www-form-urlencoded.");
        }

        try
        {
            return Read(await request.ReadFormAsync(cancellation));
        }
        catch (InvalidDataException)
        {
            return OAuthError.InvalidRequest("The body cannot be read.");
        }
        catch (BadHttpRequestException e)
        {
            return new OAuthError("invalid_request", "The body cannot be read.", e.StatusCode);
        }
    }

    private static Outcome<OAuthParameters> Read(IEnumerable<KeyValuePair<string, StringValues>> pairs)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        IReadOnlyList<string> resources = [];
        var count = 0;
        foreach (var (name, all) in pairs)
        {
            // Control characters have no place in any parameter, and a database may not store NUL.
            if (++count > MaxCount || all.Any(v => v is null || v.Length > MaxValueLength || v.Any(char.IsControl)))
            {
                return OAuthError.InvalidRequest("A parameter is too long, not text, or one of too many.");
            }

            if (name == "resource")
            {
                resources = [.. all.Where(v => v!.Length > 0).Select(v => v!)];
                continue;
            }

            // Names are compared exactly, but the framework collects "Scope" and "scope" under one: so they count as twice.
            if (all.Count > 1)
            {
                return OAuthError.InvalidRequest($"The parameter {(name.Length <= 40 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : "?")} is there more than once.");
            }

            if (all[0]!.Length > 0)
            {
                values[name] = all[0]!;
            }
        }

        return new OAuthParameters(values, resources);
    }
}
