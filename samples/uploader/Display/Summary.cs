using Proofsheet.Sdk;

namespace Proofsheet.Uploader.Display;

/// <summary>The results of all files, shown at the end.</summary>
internal sealed class Summary(string folder)
{
    private readonly List<ResumableUploadResult> _results = [];

    public int ExitCode => _results.Exists(r => r.Outcome == UploadOutcome.Refused) ? Uploader.ExitCode.SomeRefused : Uploader.ExitCode.Done;

    public void Add(IEnumerable<ResumableUploadResult> results) => _results.AddRange(results);

    public void Write(TextWriter to)
    {
        int Of(UploadOutcome outcome) => _results.Count(r => r.Outcome == outcome);
        to.WriteLine($"{Of(UploadOutcome.Accepted)} uploaded, {Of(UploadOutcome.Duplicate)} there already, {Of(UploadOutcome.Refused)} refused.");
        foreach (var refused in _results.Where(r => r.Outcome == UploadOutcome.Refused))
        {
            to.WriteLine($"  {Shown.Text(Path.GetRelativePath(folder, refused.File.Path))}: {Shown.Text(refused.Problem?.Detail ?? "refused")} ({Shown.Text(refused.Problem?.Code ?? "refused")})");
        }
    }
}
