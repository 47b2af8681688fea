namespace Proofsheet.Api.Http;

/// <summary>Patterns that texts in requests match.</summary>
internal static class Texts
{
    /// <summary>Rules out control characters: a line feed in a name would start another header in an email.</summary>
    public const string OneLine = @"^[^\u0000-\u001f\u007f\u0085\u2028\u2029]*$";
    public const string OneLineError = "It is one line without control characters.";

    /// <summary>A value of an open list: the documented ones, and any word of the studio's own.</summary>
    public const string Word = "^[a-z][a-z0-9_]{0,31}$";
    public const string WordError = "1 to 32 lower-case letters, digits and underscores, a letter first.";
    public const int MaxWordLength = 32;
}
