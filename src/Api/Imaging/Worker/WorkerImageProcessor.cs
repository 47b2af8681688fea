using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Imaging.Worker;

/// <summary>Decodes in child processes: a decoder that crashes, hangs or eats memory takes its worker down and nothing else.</summary>
internal sealed class WorkerImageProcessor(IOptions<ImagingOptions> options, ILogger<WorkerImageProcessor> log) : IImageProcessor, IDisposable
{
    private readonly WorkerPool photographs = new(options.Value, options.Value.Workers);

    // Somebody waits for these answers: they never stand in line behind a wedding.
    private readonly WorkerPool questions = new(options.Value, size: 1);

    public WorkerPool Photographs => photographs;

    public async Task<ImageInspection> InspectAsync(string path, CancellationToken cancellation)
    {
        // What the first bytes settle needs no worker.
        if (ImageSniffer.Sniff(path).Format is ImageFormat.Unknown or ImageFormat.Unsupported or ImageFormat.Raw)
        {
            return ImageInspector.Inspect(path, options.Value.Limits);
        }

        var (reply, refusal) = await TwiceAsync(questions, new WorkerRequest { Limits = options.Value.Limits, InspectPath = path }, cancellation);
        return refusal is not null ? refusal : reply!.Inspection!;
    }

    public async Task<ProcessOutcome> ProcessAsync(ImageJob job, CancellationToken cancellation)
    {
        var (reply, refusal) = await TwiceAsync(photographs, new WorkerRequest { Limits = options.Value.Limits, Process = job }, cancellation);
        return refusal is not null ? refusal : reply!.Outcome!;
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

    // A worker may die of something else than its picture (the machine short of memory, an operator): one more try tells.
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
                if (ended.End == WorkerEnd.TimedOut)
                {
                    return (null, ImageRefusal.TooSlow(TimeSpan.FromSeconds(options.Value.TimeoutSeconds)));
                }

                if (attempt == 2)
                {
                    return (null, ImageRefusal.CrashedDecoder());
                }
            }
        }
    }
}
