using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Proofsheet.Sdk;

/// <summary>The retries of one upload: growing delays until the patience runs out; each byte that gets through resets it.</summary>
internal sealed class RetryPolicy(ResumableUploadOptions options)
{
    private static readonly Random Jitter = new();
    private readonly Stopwatch _sinceProgress = Stopwatch.StartNew();
    private int _failures;

    /// <summary>A temporary failure, caused by neither the file nor the caller: trying again may succeed.</summary>
    public static bool MayPass(ProofsheetException failure) => (int?)failure.Status switch
    {
        null or 408 or 423 or 429 or 460 => true,
        409 => failure.Code is "upload_offset_conflict" or "idempotency_in_flight",
        // The gallery has too many uploads: others have to end first.
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

    /// <summary>An error about the file itself, not about the gallery, the key or the server.</summary>
    public static bool IsRefusal(ProofsheetException failure) => (int?)failure.Status is 413 or 415 or 422 && !MayPass(failure);

    /// <summary>Waits before the next try.</summary>
    /// <exception cref="ProofsheetException">The failure, when the patience has run out.</exception>
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
