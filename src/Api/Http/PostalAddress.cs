using System.ComponentModel.DataAnnotations;
using Proofsheet.Shared.Countries;

namespace Proofsheet.Api.Http;

/// <summary>Where post is delivered, with the same rules wherever an address is entered.</summary>
internal abstract record PostalAddress : IValidatableObject
{
    [Required, StringLength(200, MinimumLength = 1), RegularExpression(Texts.OneLine, ErrorMessage = Texts.OneLineError)]
    public required string Line1 { get; init; }

    [StringLength(200), RegularExpression(Texts.OneLine, ErrorMessage = Texts.OneLineError)]
    public string? Line2 { get; init; }

    [Required, StringLength(100, MinimumLength = 1), RegularExpression(Texts.OneLine, ErrorMessage = Texts.OneLineError)]
    public required string City { get; init; }

    /// <summary>May be left out only for the countries whose `hasPostalCodes` in the document's `x-countries` is false, such as HK and AE.</summary>
    [StringLength(20), RegularExpression(Texts.OneLine, ErrorMessage = Texts.OneLineError)]
    public string? PostalCode { get; init; }

    [StringLength(100), RegularExpression(Texts.OneLine, ErrorMessage = Texts.OneLineError)]
    public string? Region { get; init; }

    /// <summary>The country as an ISO 3166-1 alpha-2 code.</summary>
    [Country]
    public required string Country { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(PostalCode) && Countries.RequiresPostalCode(Country))
        {
            yield return new ValidationResult($"An address in {Country} needs a postal code.", [nameof(PostalCode)]);
        }
    }
}
