using Proofsheet.Api.Clients.Consents;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Clients;

internal sealed record ClientResponse
{
    public required Id<Client> Id { get; init; }

    public required string? Name { get; init; }

    /// <summary>The first one is where mails are sent.</summary>
    public required IReadOnlyList<ClientEmailResponse> Emails { get; init; }

    /// <summary>Up to five postal addresses.</summary>
    public required IReadOnlyList<ClientAddress> Addresses { get; init; }

    /// <summary>E.164, for example <c>+4930123456</c>.</summary>
    public required string? Phone { get; init; }

    /// <summary>A BCP 47 language tag.</summary>
    public required string? Language { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>The studio's own note. The client never sees it.</summary>
    public required string? Note { get; init; }

    /// <summary>In the order in which they were recorded, also those that were withdrawn.</summary>
    public required IReadOnlyList<ClientConsentResponse> Consents { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed record ClientEmailResponse
{
    public required string Email { get; init; }

    /// <summary>When someone proved that they read this mailbox, with a code that was sent to it. Null if nobody has.</summary>
    public required DateTimeOffset? VerifiedAt { get; init; }
}

internal static class ClientMapper
{
    public static ClientResponse ToResponse(this Client client) => new()
    {
        Id = client.Id,
        Name = client.Name,
        Emails = [.. client.Emails.OrderBy(e => e.Position).Select(e => new ClientEmailResponse { Email = e.Address, VerifiedAt = e.VerifiedAt })],
        Addresses = client.Addresses,
        Phone = client.Phone,
        Language = client.Language,
        Tags = client.Tags,
        Note = client.Note,
        Consents = [.. client.Consents.OrderBy(c => c.Id).Select(c => c.ToResponse())],
        CreatedAt = client.CreatedAt,
        UpdatedAt = client.UpdatedAt,
    };
}
