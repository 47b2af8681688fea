using Proofsheet.Sdk;
using Proofsheet.Uploader.Display;

namespace Proofsheet.Uploader.Commands;

/// <summary>What <c>upload</c> and <c>watch</c> share: sending files, showing progress, and resuming in another run.</summary>
internal static class Sending
{
    public static async Task<IReadOnlyList<ResumableUploadResult>> SendAsync(
        ProofsheetClient client, Gallery gallery, string folder, IReadOnlyList<UploadFile> files, CommandLine line, CancellationToken cancellation)
    {
        ResumableUpload? upload = null;
        using var view = View.Of(line, files, folder, index => upload!.Results[index]);
        upload = client.Photos.Resumable(gallery.Id, files, new()
        {
            Sessions = new FileUploadSessionStore(Account.SessionsFolder),
            Progress = view,
            Concurrency = line.Number("concurrency", 3, 1, 16),
            Patience = TimeSpan.FromMinutes(line.Number("patience", 60, 1, 10_000)),
        });
        return await upload.RunAsync(cancellation);
    }
}
