namespace Proofsheet.Identity.Pages;

/// <summary>A labeled input of a form, with its errors.</summary>
internal sealed record Field(string Name, string Label)
{
    public string Type { get; init; } = "text";

    public string? Value { get; init; }

    /// <summary>An autocomplete token of the HTML standard, which tells browsers and password managers what belongs here.</summary>
    public string? Autocomplete { get; init; }

    public string? Hint { get; init; }

    public string? InputMode { get; init; }

    public int MaxLength { get; init; } = 200;

    public bool ReadOnly { get; init; }

    public bool Focus { get; init; }

    public static Field Email(string? value, bool focus = false) => new("Email", "E-mail address")
    {
        Type = "email", Value = value, Autocomplete = "username", MaxLength = 254, Focus = focus,
    };

    public static Field NewPassword(string label = "Password") => new("Password", label)
    {
        Type = "password", Autocomplete = "new-password", MaxLength = 600,
        Hint = "At least 12 characters, with small and capital letters, digits and other signs.",
    };
}
