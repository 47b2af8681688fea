namespace Proofsheet.Jose;

/// <summary>Why a token was refused. For logs and tests: callers respond the same way to all of them.</summary>
public enum JwsFailure
{
    None,

    /// <summary>More than <see cref="Jws.MaxLength"/> characters.</summary>
    TooLong,

    /// <summary>Not three canonical parts, or the header is not a JSON object with strings where they belong.</summary>
    Malformed,

    /// <summary>The header requires an extension (<c>crit</c>, <c>b64</c>), and none is supported.</summary>
    Critical,

    /// <summary>The algorithm is not on the caller's list.</summary>
    AlgorithmNotAllowed,

    /// <summary>There is no key that may verify with this algorithm.</summary>
    NoKey,

    /// <summary>The signature does not match any of the keys.</summary>
    WrongSignature,
}

/// <summary>The result of <see cref="Jws"/>. Header and payload are only available when it is valid.</summary>
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
