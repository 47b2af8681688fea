using Proofsheet.Identity.Protocol.Clients;

namespace Proofsheet.Identity.Protocol.Ports;

/// <summary>A client that was registered (RFC 7591), with what only its registrar needs.</summary>
internal sealed class RegisteredClient
{
    public required string ClientId { get; init; }

    public required Client Metadata { get; set; }

    /// <summary>SHA-256 of the registration access token (RFC 7592 section 3).</summary>
    public required string RegistrationTokenHash { get; set; }

    /// <summary>The client by whose token it was registered: only its tokens may administer others' registrations.</summary>
    public required string RegisteredBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Guards against two changes at once.</summary>
    public long Version { get; set; }
}

internal interface IRegisteredClients
{
    /// <summary>To be changed and saved; null when there is none.</summary>
    Task<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellation);

    Task AddAsync(RegisteredClient client, CancellationToken cancellation);

    /// <summary>False when someone else changed or removed it meanwhile.</summary>
    Task<bool> SaveAsync(RegisteredClient client, CancellationToken cancellation);

    Task RemoveAsync(string clientId, CancellationToken cancellation);
}

/// <summary>A device's wish for tokens (RFC 8628), and what was answered to it.</summary>
internal sealed class DeviceGrant
{
    /// <summary>Hash of the device code.</summary>
    public required string Key { get; init; }

    /// <summary>Hash of the user code, in upper case without its dash.</summary>
    public required string UserCodeHash { get; init; }

    public required string ClientId { get; init; }

    public required string Family { get; init; }

    /// <summary>JSON: what is asked for, and once someone approved, by whom.</summary>
    public required string Data { get; init; }

    public required DeviceStatus Status { get; init; }

    public required int IntervalSeconds { get; init; }

    public DateTimeOffset? LastPolledAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal enum DeviceStatus
{
    Pending,
    Approved,
    Denied,
    Consumed,
}

internal interface IDeviceStore
{
    /// <summary>False when the user code is taken: make another.</summary>
    Task<bool> TryAddAsync(DeviceGrant grant, CancellationToken cancellation);

    Task<DeviceGrant?> FindAsync(string key, CancellationToken cancellation);

    Task<DeviceGrant?> FindByUserCodeAsync(string userCodeHash, CancellationToken cancellation);

    /// <summary>One statement from one status to the next: of several callers one gets true.</summary>
    Task<bool> TryMoveAsync(string key, DeviceStatus from, DeviceStatus to, string? data, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Counts a poll. False when the last one was less than the interval ago; then the interval grows by 5 s (RFC 8628 section 3.5).</summary>
    Task<bool> PollAsync(DeviceGrant grant, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>Background work, written with the change that asks for it.</summary>
internal interface IOutboxPublisher
{
    Task PublishAsync<TEvent>(TEvent happened, CancellationToken cancellation)
        where TEvent : Shared.Outbox.IOutboxEvent;
}

/// <summary>Removes what has run out.</summary>
internal interface IExpiredRows
{
    Task<int> RemoveAsync(DateTimeOffset now, CancellationToken cancellation);
}
