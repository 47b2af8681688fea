using System.ComponentModel.DataAnnotations;
using Proofsheet.Identity.Protocol.Clients;

namespace Proofsheet.Identity.Protocol;

/// <summary>The protocol's part of the section <c>Identity</c>. Most installations only set clients and receivers.</summary>
internal sealed class ProtocolOptions
{
    [Range(1, 60)]
    public int AccessTokenMinutes { get; init; } = 15;

    /// <summary>The total lifetime of a grant, however often it is refreshed.</summary>
    [Range(1, 90)]
    public int RefreshTokenDays { get; init; } = 7;

    /// <summary>
    /// How long the same client, with the same key if the token is bound to one, gets the same answer for a used refresh token: two tabs that refresh at
    /// once, or a lost answer, are not a theft (decision 38). 0 turns it off.
    /// </summary>
    [Range(0, 10)]
    public int RefreshGraceSeconds { get; init; } = 10;

    [Range(10, 600)]
    public int CodeSeconds { get; init; } = 60;

    [Range(1, 24 * 60)]
    public int InteractionMinutes { get; init; } = 60;

    /// <summary>How long a pushed request can be presented at the authorization endpoint (RFC 9126 section 2.2).</summary>
    [Range(5, 600)]
    public int PushedRequestSeconds { get; init; } = 300;

    [Range(1, 60)]
    public int DeviceMinutes { get; init; } = 10;

    [Range(1, 60)]
    public int DevicePollSeconds { get; init; } = 5;

    [Range(1, 60)]
    public int IdTokenMinutes { get; init; } = 5;

    /// <summary>The limit per client address, across the token, pushed request, device, revocation, introspection and registration endpoints.</summary>
    public RateLimitSettings RateLimits { get; init; } = new();

    public KeySettings Keys { get; init; } = new();

    /// <summary>The configured clients. A registered client never takes the ID of one.</summary>
    public IList<Client> Clients { get; init; } = [];

    /// <summary>Scopes in addition to the built-in ones.</summary>
    public IList<string> Scopes { get; init; } = [];

    /// <summary>The receivers of revocation events (RFC 8935).</summary>
    public IList<EventReceiver> EventReceivers { get; init; } = [];

    /// <summary>Lets back-channel logout call private network addresses. For development and tests.</summary>
    public bool AllowPrivateAddresses { get; init; }

    internal TimeSpan AccessTokenLifetime => TimeSpan.FromMinutes(AccessTokenMinutes);

    internal TimeSpan RefreshLifetime => TimeSpan.FromDays(RefreshTokenDays);

    internal sealed class RateLimitSettings
    {
        [Range(1, int.MaxValue)]
        public int RequestsPerMinute { get; init; } = 600;
    }

    internal sealed class KeySettings
    {
        /// <summary>How long a key signs.</summary>
        [Range(1, 365)]
        public int RotateDays { get; init; } = 30;

        /// <summary>How long a new key is published before it signs: longer than anyone caches the key set.</summary>
        [Range(1, 24 * 14)]
        public int PublishAheadHours { get; init; } = 48;

        /// <summary>How long a key stays published after it stopped signing: longer than the lifetime of any token.</summary>
        [Range(1, 365)]
        public int KeepDays { get; init; } = 14;
    }

    internal sealed class EventReceiver
    {
        /// <summary>The URL that events are pushed to, such as the API's <c>/v1/security-events</c>.</summary>
        public string Address { get; init; } = "";

        /// <summary>The <c>aud</c> of the events; defaults to the audience of access tokens.</summary>
        public string? Audience { get; init; }
    }

    internal IEnumerable<string> Errors()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var client in Clients)
        {
            if (!seen.Add(client.ClientId))
            {
                yield return $"Identity:Clients has {client.ClientId} twice.";
            }

            if (client.Scopes.FirstOrDefault(s => !KnownScopes.All.Contains(s) && !Scopes.Contains(s)) is { } unknown)
            {
                yield return $"Identity:Clients, {client.ClientId}: there is no scope {unknown}; name further ones in Identity:Scopes.";
            }

            foreach (var error in ClientRules.Errors(client))
            {
                yield return $"Identity:Clients, {client.ClientId}: {error}";
            }
        }

        foreach (var receiver in EventReceivers.Where(r => !Uri.TryCreate(r.Address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
        {
            yield return $"Identity:EventReceivers: '{receiver.Address}' is no http or https address.";
        }
    }
}

internal sealed class ProtocolOptionsValidation : Microsoft.Extensions.Options.IValidateOptions<ProtocolOptions>
{
    public Microsoft.Extensions.Options.ValidateOptionsResult Validate(string? name, ProtocolOptions options)
    {
        var errors = options.Errors().ToList();
        return errors.Count == 0 ? Microsoft.Extensions.Options.ValidateOptionsResult.Success : Microsoft.Extensions.Options.ValidateOptionsResult.Fail(errors);
    }
}
