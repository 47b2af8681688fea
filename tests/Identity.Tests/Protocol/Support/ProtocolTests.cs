using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Support;

namespace Proofsheet.Identity.Tests.Protocol.Support;

/// <summary>Tests that talk to the authority as one browser or client.</summary>
public abstract class ProtocolTests(IdentityHost identity) : IDisposable
{
    private protected OAuth OAuth { get; } = new(identity);

    private protected IdentityHost Identity { get; } = identity;

    /// <summary>Somebody new who signed in just now.</summary>
    public SignedIn SignIn(params string[] methods) => Identity.Sessions.Begin(Identity.Clock.GetUtcNow(), null, methods);

    public void Dispose()
    {
        OAuth.Dispose();
        GC.SuppressFinalize(this);
    }
}
