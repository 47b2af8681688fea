using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Shared.Countries;

/// <summary>The countries of ISO 3166-1, by their alpha-2 codes, and whether an address there needs a postal code.</summary>
public static class Countries
{
    // The 249 codes that the standard assigns. UK and EU are only reserved in it, and XK is one of those that users may assign as they like.
    private const string Assigned =
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL "
        + "BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV "
        + "CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD "
        + "GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM "
        + "IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK "
        + "LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW "
        + "MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR "
        + "PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS "
        + "ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY "
        + "UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

    // Where the Universal Postal Union's addressing guides have no postal code, or one that people hardly know, so that an address is complete without it.
    private const string WithoutPostalCodes =
        "AE AG AO AQ AW BF BI BJ BO BQ BS BV BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA "
        + "GD GH GM GQ GY HK HM JM KI KM KN KP LC LY ML MO MR MS MW NR NU PA QA RW SB SC "
        + "SL SO SR SS ST SX SY TD TF TG TK TL TO TT TV TZ UG VU WS YE ZW";

    private static readonly FrozenSet<string> Known = Assigned.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Without = WithoutPostalCodes.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>All codes, sorted.</summary>
    public static IReadOnlyList<string> All { get; } = Assigned.Split(' ');

    public static bool IsKnown(string? code) => code is not null && Known.Contains(code);

    /// <summary>False where addresses are complete without a postal code, and for unknown codes.</summary>
    public static bool RequiresPostalCode(string code) => IsKnown(code) && !Without.Contains(code);
}

/// <summary>A field with the alpha-2 code of a country of ISO 3166-1.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class CountryAttribute() : RegularExpressionAttribute("^[A-Z]{2}$")
{
    public override bool IsValid(object? value) => value is null || (value is string code && Countries.IsKnown(code));

    public override string FormatErrorMessage(string name) => "It is the code of a country in ISO 3166-1 alpha-2, such as DE, GB or US.";
}
