namespace Proofsheet.Jose;

/// <summary>Why a token was not accepted. For logs and tests: a caller answers all of them alike.</summary>
public enum JwsFailure
{
    None,

    /// <summary>More than <see cref="Jws.MaxLength"/> characters.</summary>
    TooLong,

    /// <summary>Not three canonical parts, or a header that is not a JSON object with text where text belongs.</summary>
    Malformed,

    /// <summary>The header demands an extension (<c>crit</c>, <c>b64</c>); none is understood.</summary>
    Critical,

    /// <summary>An algorithm that is not on the caller's list.</summary>
    AlgorithmNotAllowed,

    /// <summary>No key was found that may verify by this algorithm.</summary>
    NoKey,

    /// <summary>The signature is not that of a known key.</summary>
    WrongSignature,
}

/// <summary>The outcome of <see cref="Jws"/>. Header and payload are there only when it is valid.</summary>
public sealed class JwsResult
{
    private readonly JwsHeader? _header;
    private readonly byte[]? _payload;

    private JwsResult(JwsFailure failure, JwsHeader? header, byte[]? payload) => (Failure, _header, _payload) = (failure, header, payload);

    public bool IsValid => Failure == JwsFailure.None;

    public JwsFailure Failure { get; }

    /// <exception cref="InvalidOperationException">The token is not valid.</exception>
    public JwsHeader Header => _header ?? throw new InvalidOperationException("Nothing of a token that failed is to be used.");

    /// <inheritdoc cref="Header"/>
    public byte[] Payload => _payload ?? throw new InvalidOperationException("Nothing of a token that failed is to be used.");

    internal static JwsResult Valid(JwsHeader header, byte[] payload) => new(JwsFailure.None, header, payload);

    internal static JwsResult Failed(JwsFailure failure) => new(failure, null, null);
}
