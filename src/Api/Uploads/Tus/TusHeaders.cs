using Proofsheet.Api.Http.OpenApi;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>Headers that several operations share, as the API document describes them.</summary>
internal static class TusHeaders
{
    public static TakesHeader TakesVersion { get; } = new(Tus.Resumable, $"Version of the tus protocol: {Tus.Version}.", IsRequired: true);

    public static AnswersHeader Versions { get; } = new(412, "Tus-Version", "The tus versions that the server supports.");

    public static TakesHeader TakesChecksum { get; } =
        new(Tus.Checksum, $"`sha1` or `sha256`, a space, and the base64 digest of this body. If it does not match (460), nothing of the body is kept.");

    public static AnswersHeader Expires(int status) => new(status, Tus.Expires, "When the upload is deleted unless more bytes are received before (RFC 9110 date).");

    public static AnswersHeader Outcome(int status) => new(status, Tus.Outcome, "`accepted` or `duplicate`, once the file has been added to the gallery.");

    public static AnswersHeader Photo(int status) => new(status, Tus.Photo, "The id of the photo.");
}
