using System.ComponentModel.DataAnnotations;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Clients;

internal sealed record ClientAddress : PostalAddress
{
    /// <summary>What the studio calls the address, for example <c>Parents</c>.</summary>
    [StringLength(50), RegularExpression(Texts.OneLine, ErrorMessage = Texts.OneLineError)]
    public string? Label { get; init; }
}
