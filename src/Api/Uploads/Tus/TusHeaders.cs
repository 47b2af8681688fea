using Proofsheet.Api.Http.OpenApi;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>Headers that several operations share, as the API document describes them.</summary>
internal static class TusHeaders
{
    public static TakesHeader TakesVersion { get; } = new(Tus.Resumable, $"{Tus.Version}, the version of tus.", IsRequired: true);

    public static AnswersHeader Versions { get; } = new(412, "Tus-Version", "The versions of tus that the server has.");

    public static TakesHeader TakesChecksum { get; } =
        new(Tus.Checksum, $"`sha1` or `sha256`, a space, and that digest of this body in base64. When it does not fit (460), nothing of the body is kept.");

    public static AnswersHeader Expires(int status) => new(status, Tus.Expires, "When the upload goes away unless it is written to before (RFC 9110 date).");

    public static AnswersHeader Outcome(int status) => new(status, Tus.Outcome, "`accepted` or `duplicate`, once the file is in the gallery.");

    public static AnswersHeader Photo(int status) => new(status, Tus.Photo, "The id of its photo.");
}
