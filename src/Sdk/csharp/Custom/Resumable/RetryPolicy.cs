using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Proofsheet.Sdk;

/// <summary>How one upload bears failures: waits that grow, as long as the patience lasts; each byte that gets through renews it.</summary>
internal sealed class RetryPolicy(ResumableUploadOptions options)
{
    private static readonly Random Jitter = new();
    private readonly Stopwatch _sinceProgress = Stopwatch.StartNew();
    private int _failures;

    /// <summary>Not the file's fault and not the caller's: asking again may go well.</summary>
    public static bool MayPass(ProofsheetException failure) => (int?)failure.Status switch
    {
        null or 408 or 423 or 429 or 460 => true,
        409 => failure.Code is "upload_offset_conflict" or "idempotency_in_flight",
        // Other uploads of the gallery have to end first.
        422 => failure.Code == "too_many_uploads",
        501 => false,
        >= 500 => true,
        _ => false,
    };

    public void Progressed()
    {
        _failures = 0;
        _sinceProgress.Restart();
    }

    /// <summary>About the file itself, as opposed to the gallery, the key or the server.</summary>
    public static bool IsRefusal(ProofsheetException failure) => (int?)failure.Status is 413 or 415 or 422 && !MayPass(failure);

    /// <summary>Waits before the next try.</summary>
    /// <exception cref="ProofsheetException">The failure, when the patience is over.</exception>
    public async Task WaitAsync(ProofsheetException failure, CancellationToken cancellationToken)
    {
        if (_failures == 0)
        {
            _sinceProgress.Restart();
        }

        var backoff = Math.Min(options.RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 20)), options.MaxRetryDelay.TotalMilliseconds);
        double part;
        lock (Jitter)
        {
            part = Jitter.NextDouble();
        }

        var wait = TimeSpan.FromMilliseconds(backoff * (0.5 + (part / 2)));
        wait = failure.RetryAfter > wait ? failure.RetryAfter.Value : wait;
        if (_sinceProgress.Elapsed + wait > options.Patience)
        {
            ExceptionDispatchInfo.Capture(failure).Throw();
        }

        await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
    }
}
