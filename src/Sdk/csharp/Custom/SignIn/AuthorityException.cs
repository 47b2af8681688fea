namespace Proofsheet.Sdk;

/// <summary>
/// The authority returned an error, could not be reached, or returned an invalid response. Branch on <see cref="Error"/>.
/// </summary>
public sealed class AuthorityException : Exception
{
    internal AuthorityException(string error, string? description = null, Exception? inner = null)
        : base(description ?? $"The authority answered {error}.", inner) => Error = error;

    /// <summary>
    /// An error code of RFC 6749 (4.1.2.1, 5.2) or RFC 8628 (3.5), such as <c>invalid_grant</c>, <c>access_denied</c>, <c>expired_token</c>; or one of ours:
    /// <c>network_error</c> (no response), <c>bad_answer</c> (the response does not fit the request).
    /// </summary>
    public string Error { get; }
}
