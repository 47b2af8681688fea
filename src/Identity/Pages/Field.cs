namespace Proofsheet.Identity.Pages;

/// <summary>One labeled input of a form, with what is wrong with it beside it.</summary>
internal sealed record Field(string Name, string Label)
{
    public string Type { get; init; } = "text";

    public string? Value { get; init; }

    /// <summary>A token of the HTML standard, by which browsers and password managers know what belongs here.</summary>
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
