using Microsoft.Extensions.Options;

namespace Proofsheet.Identity;

/// <summary>The section <c>Identity</c>.</summary>
internal sealed class AuthorityOptions
{
    /// <summary>The issuer: an https URL without a trailing slash, or http on this machine.</summary>
    public string Issuer { get; init; } = "http://localhost:5090";

    /// <summary>The audience of access tokens: the <c>aud</c> that the API expects (RFC 9068). Other resources are refused with invalid_target.</summary>
    public string Audience { get; init; } = "proofsheet-api";

    internal IEnumerable<string> Errors()
    {
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer)
            || !(issuer.Scheme == Uri.UriSchemeHttps || (issuer.Scheme == Uri.UriSchemeHttp && issuer.IsLoopback))
            || issuer.Query.Length > 0 || issuer.Fragment.Length > 0 || issuer.UserInfo.Length > 0 || Issuer.EndsWith('/'))
        {
            yield return "Identity:Issuer is an https address (http only on this machine) without query, fragment or a slash at its end.";
        }

        if (Audience.Length is 0 or > 200 || Audience.Any(char.IsWhiteSpace))
        {
            yield return "Identity:Audience is a text of 1 to 200 characters without spaces.";
        }
    }
}

internal sealed class AuthorityOptionsValidation : IValidateOptions<AuthorityOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthorityOptions options)
    {
        var errors = options.Errors().ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
