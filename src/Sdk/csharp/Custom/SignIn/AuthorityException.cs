namespace Proofsheet.Sdk;

/// <summary>
/// The authority refused, could not be reached, or answered what does not fit. Decide by <see cref="Error"/>.
/// </summary>
public sealed class AuthorityException : Exception
{
    internal AuthorityException(string error, string? description = null, Exception? inner = null)
        : base(description ?? $"The authority answered {error}.", inner) => Error = error;

    /// <summary>
    /// As RFC 6749 (4.1.2.1, 5.2) and RFC 8628 (3.5) name it, such as <c>invalid_grant</c>, <c>access_denied</c>, <c>expired_token</c>; or one of ours:
    /// <c>network_error</c> (no answer), <c>bad_answer</c> (one that does not fit the request).
    /// </summary>
    public string Error { get; }
}
