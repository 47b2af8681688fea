using Microsoft.Extensions.Options;
using Proofsheet.Jose;

namespace Proofsheet.Api.Auth.AccessTokens;

/// <summary>
/// One authority whose access tokens are accepted: the section <c>Authorities:0</c>, <c>Authorities:1</c>… Everything that
/// differs between authorities is configured here, so that any of them can be used without changing code.
/// </summary>
internal sealed class AuthorityOptions
{
    private static readonly IReadOnlySet<string> UsualAlgorithms =
        new HashSet<string>(StringComparer.Ordinal) { SignatureAlgorithms.ES256, SignatureAlgorithms.RS256, SignatureAlgorithms.PS256 };

    private IReadOnlySet<string>? _algorithms;

    /// <summary>The exact <c>iss</c>, an https URL; http is allowed for this machine only.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>The <c>aud</c> of tokens for this API.</summary>
    public string Audience { get; init; } = "proofsheet-api";

    /// <summary>The accepted signature algorithms. If empty: ES256, RS256 and PS256.</summary>
    public IList<string> Algorithms { get; init; } = [];

    /// <summary>The URL of the authority's metadata. If null, the issuer with <c>/.well-known/openid-configuration</c>.</summary>
    public string? MetadataUrl { get; init; }

    /// <summary>Allows plain http between machines of a closed network. Never use it over the internet.</summary>
    public bool AllowsHttp { get; init; }

    /// <summary>The <c>typ</c> of access tokens (RFC 9068). Empty for authorities that set none; an ID token for the same audience would then be accepted too.</summary>
    public string TokenType { get; init; } = "at+jwt";

    /// <summary>How many seconds clocks may differ.</summary>
    public int SkewSeconds { get; init; } = 30;

    /// <summary>The longest accepted lifetime of a token, in hours; entries of the deny list are kept as long.</summary>
    public int MaxTokenHours { get; init; } = 24;

    public string ClientIdClaim { get; init; } = "client_id";

    /// <summary>The claim that names the studio of a token, by slug or id. It only selects: whether the account belongs to the studio is looked up.</summary>
    public string TenantClaim { get; init; } = "tenant";

    /// <summary>A text separated by spaces, or an array of texts.</summary>
    public string ScopeClaim { get; init; } = "scope";

    /// <summary>What the authority puts before each scope, for example <c>api://proofsheet/</c>; it is removed here.</summary>
    public string ScopePrefix { get; init; } = "";

    /// <summary>The value <c>client</c> means a program. Without the claim, a token whose subject is its client is one of a program (RFC 9068, 2.2).</summary>
    public string SubjectTypeClaim { get; init; } = "sub_type";

    public string SessionClaim { get; init; } = "sid";

    public string FamilyClaim { get; init; } = "family";

    public string EmailClaim { get; init; } = "email";

    /// <summary>Values of <c>amr</c> (RFC 8176) that mean a second factor. If empty: mfa, otp, hwk and swk.</summary>
    public IList<string> SecondFactors { get; init; } = [];

    /// <summary>Accepted audiences of logout and security event tokens, in addition to <see cref="Audience"/> and the API's own client.</summary>
    public IList<string> EventAudiences { get; init; } = [];

    /// <summary>After how many seconds keys are fetched again. A withdrawn key is refused after twice this time at the latest.</summary>
    public int KeyRefreshSeconds { get; init; } = 300;

    /// <summary>The minimum number of seconds between two fetches, even if tokens name unknown keys.</summary>
    public int KeyRetrySeconds { get; init; } = 10;

    /// <summary>How many hours the last good keys are used while the authority is unavailable.</summary>
    public int KeysLastHours { get; init; } = 24;

    public RegistrationOptions Registration { get; init; } = new();

    public IReadOnlySet<string> AllowedAlgorithms =>
        _algorithms ??= Algorithms.Count == 0 ? UsualAlgorithms : Algorithms.ToHashSet(StringComparer.Ordinal);

    public Uri MetadataAddress => new(MetadataUrl ?? Issuer.TrimEnd('/') + "/.well-known/openid-configuration");

    public bool IsSecondFactor(string method) => SecondFactors.Count > 0 ? SecondFactors.Contains(method) : method is "mfa" or "otp" or "hwk" or "swk";

    /// <summary>Whether tokens and secrets may be sent to this URL.</summary>
    public bool Trusts(Uri address) => address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && (address.IsLoopback || AllowsHttp)));

    public IEnumerable<string> Errors()
    {
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer) || !Trusts(issuer) || issuer.Query.Length + issuer.Fragment.Length > 0 || Issuer.Length > 255)
        {
            yield return "Issuer is an https address without query, as tokens spell it, of at most 255 characters (http only for this machine, or with AllowsHttp).";
        }

        if (MetadataUrl is not null && (!Uri.TryCreate(MetadataUrl, UriKind.Absolute, out var metadata) || !Trusts(metadata)))
        {
            yield return "MetadataUrl is an https address.";
        }

        if (Audience.Length == 0)
        {
            yield return "Audience is missing.";
        }

        if (!Algorithms.All(SignatureAlgorithms.All.Contains))
        {
            yield return $"Algorithms are some of {string.Join(", ", SignatureAlgorithms.All)}.";
        }

        if (SkewSeconds is < 0 or > 300 || MaxTokenHours is < 1 or > 24 * 31 || KeyRefreshSeconds is < 5 or > 86_400 || KeyRetrySeconds is < 1 or > 3_600 || KeysLastHours is < 1 or > 720)
        {
            yield return "SkewSeconds is 0–300, MaxTokenHours 1–744, KeyRefreshSeconds 5–86400, KeyRetrySeconds 1–3600, KeysLastHours 1–720.";
        }

        if ((Registration.ClientId.Length == 0) != (Registration.ClientSecret.Length == 0))
        {
            yield return "Registration has both ClientId and ClientSecret, or neither.";
        }
    }
}

/// <summary>The API's own client at the authority, which it uses to register studios' clients (RFC 7591).</summary>
internal sealed class RegistrationOptions
{
    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    /// <summary>The scope that the API's client requests for registering others.</summary>
    public string Scope { get; init; } = "clients:register";

    public bool IsConfigured => ClientId.Length > 0;
}

/// <summary>The section <c>Authorities</c>.</summary>
internal sealed class AuthorityList
{
    public IList<AuthorityOptions> Items { get; } = [];

    internal sealed class Validation : IValidateOptions<AuthorityList>
    {
        public ValidateOptionsResult Validate(string? name, AuthorityList options)
        {
            var errors = options.Items.SelectMany((a, i) => a.Errors().Select(e => $"Authorities:{i}: {e}")).ToList();
            if (options.Items.GroupBy(a => a.Issuer, StringComparer.Ordinal).Any(g => g.Count() > 1))
            {
                errors.Add("Authorities: two have the same Issuer.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
