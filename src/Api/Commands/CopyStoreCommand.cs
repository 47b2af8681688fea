using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;

namespace Proofsheet.Api.Commands;

internal static class CopyStoreCommand
{
    /// <summary>
    /// <c>copy-store --to=FILE [--studio=SLUG] [--check] [--bytes-per-second=N]</c>: copies every object that a row needs to the store of the section
    /// <c>Storage</c> in that file. The exit code is 1 if something could not be copied. Progress goes to standard error, failures to standard output.
    /// </summary>
    public static async Task<int> CopyAsync(WebApplication app, IConfiguration options)
    {
        if (!StoreCommands.TryRead(options, out var bytesPerSecond, out _))
        {
            await Console.Error.WriteLineAsync("--bytes-per-second is a whole number.");
            return 1;
        }

        using var stop = new StopSignals();
        await using var target = new TargetStore(options["to"], app.Services.GetRequiredService<ILoggerFactory>());
        var place = app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.Place;
        if (await target.OpenAsync(place, stop.Token) is { } refusal)
        {
            await Console.Error.WriteLineAsync(refusal);
            return 1;
        }

        if (await StoreCommands.StudiosAsync(app, options) is not { } studios)
        {
            return 1;
        }

        var (pace, progress) = (new Pace(bytesPerSecond), new ProgressLine());
        var copier = new StoreCopier(app.Services.GetRequiredService<IServiceScopeFactory>(), app.Services.GetRequiredService<IObjectStore>(), target.Store, pace, options["check"] == "true");
        try
        {
            foreach (var (done, studio) in studios.Index())
            {
                await copier.CopyAsync(studio, () => progress.Show(done, studios.Count, $"{copier.Objects} objects, {copier.Copied} copied, {pace.Bytes / 1_048_576.0:0.0} MB, {copier.Failures.Count} failed"), stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || (e is OperationCanceledException && stop.Token.IsCancellationRequested))
        {
            ProgressLine.End();
            await Console.Error.WriteLineAsync(FormattableString.Invariant($"{Words(e)} {copier.Copied} objects were copied. The same command goes on with what is not there."));
            return 1;
        }

        ProgressLine.End();
        return Print(copier, target.Place);
    }

    private static string Words(Exception e) => e switch
    {
        OperationCanceledException => "Stopped.",
        StoreFullException => "The other store is full; nothing half written was left in it.",
        _ => e.Message,
    };

    private static int Print(StoreCopier copier, string place)
    {
        foreach (var failure in copier.Failures)
        {
            Console.WriteLine($"{failure.Problem,-13}  {failure.Key}");
        }

        var counts = FormattableString.Invariant($"{copier.Copied} of {copier.Objects} objects were copied, {copier.Failures.Count} could not be.");
        Console.WriteLine((copier.Copied, copier.Failures.Count) switch
        {
            (0, 0) => FormattableString.Invariant($"Nothing is left: all {copier.Objects} objects are in {place}."),
            (_, 0) => $"{counts} Run it again until nothing is left.",
            _ => counts,
        });
        return copier.Failures.Count == 0 ? 0 : 1;
    }
}
