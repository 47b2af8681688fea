using Proofsheet.Sdk;
using Proofsheet.Sdk.Generated;

namespace Proofsheet.Uploader.Display;

/// <summary>What became of the files, at the end.</summary>
internal sealed class Summary(string folder)
{
    private readonly List<ResumableUploadResult> _results = [];

    public int ExitCode => _results.Exists(r => r.Status == PhotoUploadStatus.Refused) ? Uploader.ExitCode.SomeRefused : Uploader.ExitCode.Done;

    public void Add(IEnumerable<ResumableUploadResult> results) => _results.AddRange(results);

    public void Write(TextWriter to)
    {
        int Of(PhotoUploadStatus status) => _results.Count(r => r.Status == status);
        to.WriteLine($"{Of(PhotoUploadStatus.Accepted)} uploaded, {Of(PhotoUploadStatus.Duplicate)} there already, {Of(PhotoUploadStatus.Refused)} refused.");
        foreach (var refused in _results.Where(r => r.Status == PhotoUploadStatus.Refused))
        {
            to.WriteLine($"  {Shown.Text(Path.GetRelativePath(folder, refused.File.Path))}: {Shown.Text(refused.Problem?.Detail ?? "refused")} ({Shown.Text(refused.Problem?.Code ?? "refused")})");
        }
    }
}
