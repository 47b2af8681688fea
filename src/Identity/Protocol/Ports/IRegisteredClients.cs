using Proofsheet.Identity.Protocol.Clients;

namespace Proofsheet.Identity.Protocol.Ports;

/// <summary>A registered client (RFC 7591), with the data for managing its registration.</summary>
internal sealed class RegisteredClient
{
    public required string ClientId { get; init; }

    public required Client Metadata { get; set; }

    /// <summary>SHA-256 of the registration access token (RFC 7592 section 3).</summary>
    public required string RegistrationTokenHash { get; set; }

    /// <summary>The client whose token registered it: only that client's tokens may manage the registration.</summary>
    public required string RegisteredBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Guards against concurrent changes.</summary>
    public long Version { get; set; }
}

internal interface IRegisteredClients
{
    /// <summary>Returns a client that can be changed and saved; null when there is none.</summary>
    Task<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellation);

    Task AddAsync(RegisteredClient client, CancellationToken cancellation);

    /// <summary>False when it was changed or removed by another request in the meantime.</summary>
    Task<bool> SaveAsync(RegisteredClient client, CancellationToken cancellation);

    Task RemoveAsync(string clientId, CancellationToken cancellation);
}

/// <summary>A device's request for tokens (RFC 8628), and its status.</summary>
internal sealed class DeviceGrant
{
    /// <summary>The hash of the device code.</summary>
    public required string Key { get; init; }

    /// <summary>The hash of the user code, in uppercase without the dash.</summary>
    public required string UserCodeHash { get; init; }

    public required string ClientId { get; init; }

    public required string Family { get; init; }

    /// <summary>JSON: what was requested and, once approved, by whom.</summary>
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
    /// <summary>False when the user code is already taken: generate another one.</summary>
    Task<bool> TryAddAsync(DeviceGrant grant, CancellationToken cancellation);

    Task<DeviceGrant?> FindAsync(string key, CancellationToken cancellation);

    Task<DeviceGrant?> FindByUserCodeAsync(string userCodeHash, CancellationToken cancellation);

    /// <summary>Changes the status in one statement: of several callers, one gets true.</summary>
    Task<bool> TryMoveAsync(string key, DeviceStatus from, DeviceStatus to, string? data, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Records a poll. False when the interval since the last one was too short; the interval then grows by 5 s (RFC 8628 section 3.5).</summary>
    Task<bool> PollAsync(DeviceGrant grant, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>Publishes background work, saved with the change that asks for it.</summary>
internal interface IOutboxPublisher
{
    Task PublishAsync<TEvent>(TEvent happened, CancellationToken cancellation)
        where TEvent : Shared.Outbox.IOutboxEvent;
}

/// <summary>Removes expired rows.</summary>
internal interface IExpiredRows
{
    Task<int> RemoveAsync(DateTimeOffset now, CancellationToken cancellation);
}
