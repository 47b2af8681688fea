using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Ports;

namespace Proofsheet.Identity.Protocol.Clients;

internal static class KnownScopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string OfflineAccess = "offline_access";
    public const string RegisterClients = "clients:register";

    public static IReadOnlyList<string> All { get; } =
    [
        OpenId, Profile, Email, OfflineAccess,
        "galleries:read", "galleries:write", "photos:read", "photos:write", "photos:upload", "orders:read", "orders:write",
        "studios:read", "studios:write", "clients:read", "clients:write", "products:read", "products:write", "settings:read", "settings:write",
        "webhooks:manage", "insights:read", "billing:manage", "partner:orders", "partner:status", "platform:admin", RegisterClients,
    ];

    /// <summary>Scopes for first-party clients only.</summary>
    public static IReadOnlyList<string> FirstPartyOnly { get; } = ["platform:admin", RegisterClients];

    public static IReadOnlyList<string> Split(string? scope) =>
        scope is null ? [] : [.. scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}

internal sealed class ConfiguredResources(IOptions<ProtocolOptions> options) : IResourceStore
{
    private readonly HashSet<string> _known = [.. KnownScopes.All, .. options.Value.Scopes];

    public IReadOnlyList<string> All => [.. _known];

    public bool IsKnown(string scope) => _known.Contains(scope);
}
