using Microsoft.Extensions.Primitives;

namespace Proofsheet.Identity.Protocol.Web;

/// <summary>
/// The parameters of a request, at most one of each name (RFC 6749 section 3.1) except for <c>resource</c> (RFC 8707 section 2). Empty ones count
/// as omitted.
/// </summary>
internal sealed class OAuthParameters
{
    private const int MaxCount = 40;
    private const int MaxValueLength = 16 * 1024;
    private readonly Dictionary<string, string> _values;

    private OAuthParameters(Dictionary<string, string> values, IReadOnlyList<string> resources) => (_values, Resources) = (values, resources);

    public string? this[string name] => _values.GetValueOrDefault(name);

    public IReadOnlyList<string> Resources { get; }

    /// <summary>A copy with one parameter set, such as the client that authenticated with a header.</summary>
    public OAuthParameters With(string name, string value) => new(new(_values, StringComparer.Ordinal) { [name] = value }, Resources);

    public static Outcome<OAuthParameters> FromQuery(IQueryCollection query) => Read(query);

    /// <summary>Reads the body, which must be application/x-www-form-urlencoded.</summary>
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
            // Control characters are never valid in a parameter, and some databases cannot store NUL.
            if (++count > MaxCount || all.Any(v => v is null || v.Length > MaxValueLength || v.Any(char.IsControl)))
            {
                return OAuthError.InvalidRequest("A parameter is too long, not text, or one of too many.");
            }

            if (name == "resource")
            {
                resources = [.. all.Where(v => v!.Length > 0).Select(v => v!)];
                continue;
            }

            // Names are case-sensitive, but the framework merges "Scope" and "scope", so the two count as a duplicate.
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
