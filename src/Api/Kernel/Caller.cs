namespace Proofsheet.Api.Kernel;

public enum CallerKind
{
    Anonymous,
    Platform,
    Secret,
    Publishable,
    Lab,
    Visitor,
}

/// <summary>Who calls, as the credential says. Filled once by the authentication of a request; empty in background work.</summary>
public sealed class Caller
{
    public CallerKind Kind { get; private set; }

    /// <summary>The key's or visitor's id, for the audit trail and rate limits; <c>system</c> in background work.</summary>
    public string Name { get; private set; } = "system";

    public IReadOnlySet<string> ScopesHeld { get; private set; } = new HashSet<string>();

    /// <summary>The gallery a visitor token is bound to, as text; null for keys.</summary>
    public string? GalleryId { get; private set; }

    /// <summary>The visitor of a visitor token, as text; null for keys.</summary>
    public string? VisitorId { get; private set; }

    /// <summary>True for a key of the sandbox: nothing it sells is real, and its limits are lower.</summary>
    public bool IsSandbox { get; private set; }

    public bool IsVisitor => Kind == CallerKind.Visitor;

    public bool IsStudio => Kind == CallerKind.Secret;

    public bool Has(string scope) => ScopesHeld.Contains(scope);

    /// <summary>False where a visitor asks for a gallery other than the one its token opens: that gallery does not exist for it.</summary>
    public bool Reaches<TGallery>(Id<TGallery> gallery)
        where TGallery : IIdentified => !IsVisitor || GalleryId == gallery.ToString();

    internal void Identify(CallerKind kind, string name, IEnumerable<string> scopes, bool isSandbox = false, string? galleryId = null, string? visitorId = null)
    {
        Kind = kind;
        Name = name;
        ScopesHeld = scopes.ToHashSet(StringComparer.Ordinal);
        IsSandbox = isSandbox;
        GalleryId = galleryId;
        VisitorId = visitorId;
    }
}

/// <summary>Says whether a visitor token still opens its gallery; the galleries' room answers, since it owns the lock.</summary>
public interface IVisitorGate
{
    Task<bool> StillOpenAsync(string galleryId, int accessVersion, CancellationToken cancellation);
}
