using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Clients.Consents;

/// <summary>
/// Something that a client agreed to. It is evidence, so what was agreed to never changes: a consent is recorded, and may be withdrawn. It is deleted together
/// with the client.
/// </summary>
internal sealed class ClientConsent : ITenantOwned, IIdentified<ClientConsent>, IVersioned, IAudited
{
    public const int MaxPerClient = 50;
    public const int MaxWordingLength = 2000;

    public static string Prefix => "cns";

    public Id<Tenant> TenantId { get; init; }

    public required Id<ClientConsent> Id { get; init; }

    public required Id<Client> ClientId { get; init; }

    public required string Purpose { get; init; }

    public required string Channel { get; init; }

    [NotInAudit]
    public required string Wording { get; init; }

    public required DateTimeOffset GivenAt { get; init; }

    public DateTimeOffset? WithdrawnAt { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    /// <summary>A consent that was withdrawn stays withdrawn since then.</summary>
    public void Withdraw(DateTimeOffset at) => WithdrawnAt ??= at;

    internal sealed class Mapping : IEntityTypeConfiguration<ClientConsent>
    {
        public void Configure(EntityTypeBuilder<ClientConsent> builder)
        {
            builder.ToTable("client_consents");
            builder.Property(c => c.Purpose).HasMaxLength(Texts.MaxWordLength).IsUnicode(false);
            builder.Property(c => c.Channel).HasMaxLength(Texts.MaxWordLength).IsUnicode(false);
            builder.Property(c => c.Wording).HasMaxLength(MaxWordingLength);
        }
    }
}

internal sealed record ClientConsentResponse
{
    public required Id<ClientConsent> Id { get; init; }

    public required Id<Client> ClientId { get; init; }

    /// <summary>What the client agreed to, for example `newsletter` or `publication`.</summary>
    public required string Purpose { get; init; }

    /// <summary>Where or by what means it happens, for example `email`, `sms` or `website`.</summary>
    public required string Channel { get; init; }

    /// <summary>The text that the client agreed to.</summary>
    public required string Wording { get; init; }

    public required DateTimeOffset GivenAt { get; init; }

    /// <summary>Null as long as the consent holds.</summary>
    public required DateTimeOffset? WithdrawnAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class ClientConsentMapper
{
    public static ClientConsentResponse ToResponse(this ClientConsent consent) => new()
    {
        Id = consent.Id,
        ClientId = consent.ClientId,
        Purpose = consent.Purpose,
        Channel = consent.Channel,
        Wording = consent.Wording,
        GivenAt = consent.GivenAt,
        WithdrawnAt = consent.WithdrawnAt,
        CreatedAt = consent.CreatedAt,
        UpdatedAt = consent.UpdatedAt,
    };
}
