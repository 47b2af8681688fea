using System.Security.Cryptography;
using System.Text;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Http.Callers;

public enum CallerType
{
    Anonymous,
    Platform,
    Secret,
    Publishable,
    Lab,
    Visitor,

    /// <summary>A person with an access token of an authority.</summary>
    User,

    /// <summary>A program of a studio with its own access token (client credentials).</summary>
    Service,
}

/// <summary>What a member may do in a studio; each role includes the ones before it.</summary>
public enum StudioRole
{
    Viewer,
    Editor,
    Admin,
    Owner,
}

/// <summary>Whom an authority has authenticated, and through which of its clients. Only issuer and subject together identify an account.</summary>
public sealed record Account(string Issuer, string Subject, string ClientId)
{
    /// <summary>
    /// Issuer and subject in a form that databases compare exactly: lower-case hex of SHA-256. A collation might treat two subjects
    /// as equal that differ only in case.
    /// </summary>
    public string Digest { get; } = DigestOf(Issuer, Subject);

    /// <summary>The same for issuer and client.</summary>
    public string ClientDigest { get; } = DigestOf(Issuer, ClientId);

    public static string DigestOf(string issuer, string value) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{value}")));
}

/// <summary>The sender of the request, according to its credential. Set once when a request is authenticated; empty in background work.</summary>
public sealed class Caller
{
    public CallerType Type { get; private set; }

    /// <summary>The id of the key or visitor, or a digest of an account; for rate limits and idempotency. <c>system</c> in background work.</summary>
    public string Name { get; private set; } = "system";

    public IReadOnlySet<string> ScopesHeld { get; private set; } = new HashSet<string>();

    /// <summary>The gallery that a visitor token is bound to, as text; null for other credentials.</summary>
    public string? GalleryId { get; private set; }

    /// <summary>The visitor of a visitor token, as text; null for other credentials, also for that of one order.</summary>
    public string? VisitorId { get; private set; }

    /// <summary>The session of a visitor token, as text; null for other credentials.</summary>
    public string? SessionId { get; private set; }

    /// <summary>True if the person at this visitor's device proved an email address.</summary>
    public bool IsConfirmed { get; private set; }

    /// <summary>The only order that the credential opens, as text; null for other credentials.</summary>
    public string? OrderId { get; private set; }

    /// <summary>True for a sandbox key: nothing that it sells is real, and its limits are lower.</summary>
    public bool IsSandbox { get; private set; }

    /// <summary>The account of an access token; null for keys and visitors.</summary>
    public Account? Account { get; private set; }

    /// <summary>A user's role in the tenant; null without a tenant, and for all other callers.</summary>
    public StudioRole? Role { get; private set; }

    public bool IsVisitor => Type == CallerType.Visitor;

    /// <summary>The studio itself: one of its keys, members or programs.</summary>
    public bool IsStudio => Type is CallerType.Secret or CallerType.User or CallerType.Service;

    public bool Has(string scope) => ScopesHeld.Contains(scope);

    /// <summary>False if a visitor requests another gallery than the one its token opens: for the visitor that gallery does not exist.</summary>
    public bool Reaches<TGallery>(Id<TGallery> gallery)
        where TGallery : IIdentified => !IsVisitor || GalleryId == gallery.ToString();

    internal void Identify(CallerType type, string name, IEnumerable<string> scopes, bool isSandbox = false)
    {
        Type = type;
        Name = name;
        ScopesHeld = scopes.ToHashSet(StringComparer.Ordinal);
        IsSandbox = isSandbox;
    }

    /// <summary>A visitor in a gallery.</summary>
    internal void Identify(Visit visit, IEnumerable<string> scopes)
    {
        Identify(CallerType.Visitor, visit.VisitorId, scopes);
        (GalleryId, VisitorId, SessionId, IsConfirmed) = (visit.GalleryId, visit.VisitorId, visit.SessionId, visit.IsConfirmed);
    }

    /// <summary>Someone who opened one order by the link in a mail, or by a code.</summary>
    internal void IdentifyBuyer(string orderId, IEnumerable<string> scopes)
    {
        Identify(CallerType.Visitor, orderId, scopes);
        OrderId = orderId;
    }

    /// <param name="scopes">Shared between requests, so it must not be modified.</param>
    internal void Identify(CallerType type, string name, Account account, StudioRole? role, IReadOnlySet<string> scopes, bool isSandbox)
    {
        Type = type;
        Name = name;
        Account = account;
        Role = role;
        ScopesHeld = scopes;
        IsSandbox = isSandbox;
    }
}

/// <summary>A visitor's session in a gallery; ids as text.</summary>
/// <param name="IsConfirmed">Whether the person at the device proved an email address.</param>
public sealed record Visit(string GalleryId, string VisitorId, string SessionId, bool IsConfirmed);
