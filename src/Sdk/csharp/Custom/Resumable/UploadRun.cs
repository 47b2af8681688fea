using System.Globalization;
using System.Text;

namespace Proofsheet.Sdk;

/// <summary>What all files of a run share.</summary>
internal sealed record UploadRun(TusClient Wire, IReadOnlyList<UploadFile> Files, ResumableUploadOptions Options, PauseGate Gate, UploadMeter Meter)
{
    /// <summary>The object store turned out to be unreachable: the remaining files go to the API.</summary>
    public bool StoreIsClosed { get; set; }

    /// <summary>Whether the file is sent in parts, in parallel.</summary>
    public bool GoesInParts(UploadFile file) => Options.Parts > 1 && file.Length >= Math.Max(Options.PartsFromBytes, Options.Parts);

    public string FingerprintOf(UploadFile file)
    {
        var text = string.Join("\n", Wire.Scope, Options.SectionId, file.Section, file.Path, file.Length.ToString(CultureInfo.InvariantCulture), file.ModifiedAt?.UtcTicks.ToString(CultureInfo.InvariantCulture));
        return OlderFrameworks.Sha256(new ArraySegment<byte>(Encoding.UTF8.GetBytes(text))).ToHex();
    }

    /// <summary>Repeats the call until it gets a response or the patience runs out.</summary>
    public async Task<T> PatientlyAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken, Action? waiting = null)
    {
        var patience = new RetryPolicy(Options);
        while (true)
        {
            await Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await ask().ConfigureAwait(false);
            }
            catch (ProofsheetException failure) when (RetryPolicy.MayPass(failure))
            {
                waiting?.Invoke();
                await patience.WaitAsync(failure, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
