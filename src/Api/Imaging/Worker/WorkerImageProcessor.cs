using Microsoft.Extensions.Options;
using Proofsheet.Api.Imaging.Watermarks;

namespace Proofsheet.Api.Imaging.Worker;

/// <summary>Decodes in child processes: a decoder that crashes, hangs or uses too much memory takes down only its worker.</summary>
internal sealed class WorkerImageProcessor(IOptions<ImagingOptions> options, ILogger<WorkerImageProcessor> log) : IImageProcessor, IDisposable
{
    // A header takes milliseconds. There are two places, so that one file that is slow to refuse does not hold up all uploads.
    private const int QuestionPlaces = 2;
    private const int QuestionSeconds = 15;

    private readonly WorkerPool photographs = new(options.Value, options.Value.Workers, TimeSpan.FromSeconds(options.Value.TimeoutSeconds), options.Value.LowPriority);

    // Clients wait for these answers, so they never queue behind a large upload of photos.
    private readonly WorkerPool questions = new(options.Value, QuestionPlaces, TimeSpan.FromSeconds(Math.Min(QuestionSeconds, options.Value.TimeoutSeconds)));

    /// <summary>The workers for requests that an upload is waiting for.</summary>
    public WorkerPool Questions => questions;

    public WorkerPool Photographs => photographs;

    public async Task<ImageInspection> InspectAsync(string path, CancellationToken cancellation)
    {
        // If the first bytes decide, no worker is needed.
        if (ImageSniffer.Sniff(path).Format is ImageFormat.Unknown or ImageFormat.Unsupported)
        {
            return ImageInspector.Inspect(path, options.Value.Limits);
        }

        var (reply, refusal) = await TwiceAsync(questions, new WorkerRequest { Limits = options.Value.Limits, InspectPath = Path.GetFullPath(path) }, cancellation);
        return refusal is not null ? refusal : reply!.Inspection!;
    }

    public async Task<ProcessOutcome> ProcessAsync(ImageJob job, CancellationToken cancellation)
    {
        job = Absolute(job);
        var (reply, refusal) = await TwiceAsync(photographs, new WorkerRequest { Limits = options.Value.Limits, Process = job }, cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        RefuseUnmade(job, reply!.Outcome!.Photo is { } photo ? [.. photo.Renditions, photo.Master] : []);
        return reply.Outcome;
    }

    public async Task<FormatsOutcome> AddFormatsAsync(ImageJob job, CancellationToken cancellation)
    {
        job = Absolute(job);
        var (reply, refusal) = await TwiceAsync(photographs, new WorkerRequest { Limits = options.Value.Limits, AddFormats = job }, cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        RefuseUnmade(job, reply!.Formats!.Renditions ?? []);
        return reply.Formats;
    }

    public async Task<LogoInspection> InspectLogoAsync(ReadOnlyMemory<byte> png, CancellationToken cancellation)
    {
        if (LogoInspector.RefuseBytes(png.Span) is { } atOnce)
        {
            return atOnce;
        }

        var (reply, refusal) = await TwiceAsync(questions, new WorkerRequest { Limits = options.Value.Limits, LogoPng = png.ToArray() }, cancellation);
        return refusal is not null ? refusal : reply!.Logo!;
    }

    public void Dispose()
    {
        photographs.Dispose();
        questions.Dispose();
    }

    // A worker has another working folder.
    private static ImageJob Absolute(ImageJob job) => new(Path.GetFullPath(job.SourcePath), Path.GetFullPath(job.OutputFolder));

    // A compromised worker could name any file or create a link, and what it names is read with this process's permissions.
    private static void RefuseUnmade(ImageJob job, IReadOnlyList<RenditionFile> files)
    {
        if (!files.All(file => file.FileName == Path.GetFileName(file.FileName)
            && new FileInfo(Path.Combine(job.OutputFolder, file.FileName)) is { Exists: true, LinkTarget: null }))
        {
            throw new InvalidOperationException("The imaging worker named files that it did not make.");
        }
    }

    // A worker may die or hang for a reason other than its picture (the machine short of memory, an operator); a second attempt tells.
    private async Task<(WorkerReply? Reply, ImageRefusal? Refusal)> TwiceAsync(WorkerPool pool, WorkerRequest request, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var reply = await pool.RunAsync(request, cancellation);
                return reply.Fault is { } fault
                    ? throw new InvalidOperationException("The imaging worker failed: " + fault)
                    : (reply, null);
            }
            catch (WorkerEndedException ended)
            {
                log.LogWarning(ended, "An imaging worker ended on attempt {Attempt}.", attempt);
                if (ended.End == WorkerEnd.TimedOut || (ended.End == WorkerEnd.Hung && attempt == 2))
                {
                    return (null, ImageRefusal.TooSlow(pool.Limit));
                }

                if (attempt == 2)
                {
                    return (null, ImageRefusal.CrashedDecoder());
                }
            }
        }
    }
}
