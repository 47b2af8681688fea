using Microsoft.Extensions.Options;
using Proofsheet.Jose;

namespace Proofsheet.Api.Auth.AccessTokens;

/// <summary>
/// One authority whose access tokens are taken: the section <c>Authorities:0</c>, <c>Authorities:1</c>… Everything that
/// differs between authorities is said here, so that any of them can be used without a change of code.
/// </summary>
internal sealed class AuthorityOptions
{
    private static readonly IReadOnlySet<string> UsualAlgorithms =
        new HashSet<string>(StringComparer.Ordinal) { SignatureAlgorithms.ES256, SignatureAlgorithms.RS256, SignatureAlgorithms.PS256 };

    private IReadOnlySet<string>? _algorithms;

    /// <summary>The exact <c>iss</c>, an https address; http for this machine alone.</summary>
    public string Issuer { get; init; } = "";

    /// <summary><c>aud</c> of tokens for this API.</summary>
    public string Audience { get; init; } = "proofsheet-api";

    /// <summary>Signature algorithms that are taken; none: ES256, RS256 and PS256.</summary>
    public IList<string> Algorithms { get; init; } = [];

    /// <summary>Where the authority describes itself; null: the issuer with <c>/.well-known/openid-configuration</c>.</summary>
    public string? MetadataUrl { get; init; }

    /// <summary>Allows plain http between machines of a closed network. Never over the internet.</summary>
    public bool AllowsHttp { get; init; }

    /// <summary><c>typ</c> of access tokens (RFC 9068). Empty for authorities that set none: then an ID token for the same audience would pass too.</summary>
    public string TokenType { get; init; } = "at+jwt";

    /// <summary>How far clocks may differ.</summary>
    public int SkewSeconds { get; init; } = 30;

    /// <summary>The longest life of a token that is taken; what the deny list holds is kept as long.</summary>
    public int MaxTokenHours { get; init; } = 24;

    public string ClientIdClaim { get; init; } = "client_id";

    /// <summary>Names the studio a token is for, by slug or id. It only selects: whether the account belongs there is looked up.</summary>
    public string TenantClaim { get; init; } = "tenant";

    /// <summary>A text with spaces between or an array of texts.</summary>
    public string ScopeClaim { get; init; } = "scope";

    /// <summary>Put before each scope by the authority, e.g. <c>api://proofsheet/</c>; taken off here.</summary>
    public string ScopePrefix { get; init; } = "";

    /// <summary><c>client</c> in it is a program; where it is missing, a token whose subject is its client is one (RFC 9068, 2.2).</summary>
    public string SubjectTypeClaim { get; init; } = "sub_type";

    public string SessionClaim { get; init; } = "sid";

    public string FamilyClaim { get; init; } = "family";

    public string EmailClaim { get; init; } = "email";

    /// <summary>Values of <c>amr</c> (RFC 8176) that mean a second factor; none: mfa, otp, hwk and swk.</summary>
    public IList<string> SecondFactors { get; init; } = [];

    /// <summary>Audiences of logout and security event tokens besides <see cref="Audience"/> and the API's own client.</summary>
    public IList<string> EventAudiences { get; init; } = [];

    /// <summary>How long keys are used before they are fetched again. A withdrawn key is refused at the latest after twice this time.</summary>
    public int KeyRefreshSeconds { get; init; } = 300;

    /// <summary>The least time between two fetches, whatever tokens name unknown keys.</summary>
    public int KeyRetrySeconds { get; init; } = 10;

    /// <summary>How long the last good keys are still used while the authority is away.</summary>
    public int KeysLastHours { get; init; } = 24;

    public RegistrationOptions Registration { get; init; } = new();

    public IReadOnlySet<string> AllowedAlgorithms =>
        _algorithms ??= Algorithms.Count == 0 ? UsualAlgorithms : Algorithms.ToHashSet(StringComparer.Ordinal);

    public Uri MetadataAddress => new(MetadataUrl ?? Issuer.TrimEnd('/') + "/.well-known/openid-configuration");

    public bool IsSecondFactor(string method) => SecondFactors.Count > 0 ? SecondFactors.Contains(method) : method is "mfa" or "otp" or "hwk" or "swk";

    /// <summary>Whether tokens and secrets may travel to this address.</summary>
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

/// <summary>The API's own client at the authority, with which it registers studios' clients (RFC 7591).</summary>
internal sealed class RegistrationOptions
{
    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    /// <summary>What the API's client asks for when it registers others.</summary>
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
