using System.Runtime.InteropServices;
using Proofsheet.Sdk;
using Proofsheet.Uploader;
using Proofsheet.Uploader.Commands;
using Proofsheet.Uploader.Display;

using var stop = new CancellationTokenSource();
// The first signal stops gracefully; a second one exits at once.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndInOrder);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndInOrder);

try
{
    var line = CommandLine.Parse(args);
    return line.Command switch
    {
        "login" => await Login.RunAsync(line, stop.Token),
        "logout" => await Logout.RunAsync(line, stop.Token),
        "upload" => await Proofsheet.Uploader.Commands.Upload.RunAsync(line, stop.Token),
        "watch" => await Watch.RunAsync(line, stop.Token),
        _ => Help.Show(line),
    };
}
catch (UsageException e)
{
    Console.Error.WriteLine($"uploader: {Shown.Text(e.Message)}");
    Console.Error.WriteLine("Try: uploader --help");
    return ExitCode.Usage;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped. Run the same command again to go on.");
    return ExitCode.Interrupted;
}
catch (ProofsheetUnauthorizedException e)
{
    Console.Error.WriteLine($"uploader: not signed in: {Shown.Text(e.Message)} Run: uploader login, or set PROOFSHEET_KEY.");
    return ExitCode.NotAllowed;
}
catch (ProofsheetForbiddenException e)
{
    Console.Error.WriteLine($"uploader: not allowed: {Shown.Text(e.Message)}");
    return ExitCode.NotAllowed;
}
catch (ProofsheetConnectionException)
{
    Console.Error.WriteLine("uploader: the API could not be reached. Run the same command again to go on.");
    return ExitCode.Unreachable;
}
catch (ProofsheetException e)
{
    Console.Error.WriteLine($"uploader: {Shown.Text(e.Message)} ({Shown.Text(e.Code)}{(e.TraceId is { } trace ? $", trace {Shown.Text(trace)}" : "")})");
    return ExitCode.Failed;
}
catch (AuthorityException e)
{
    Console.Error.WriteLine($"uploader: signing in failed: {Shown.Text(e.Message)} ({Shown.Text(e.Error)})");
    return ExitCode.NotAllowed;
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"uploader: {Shown.Text(e.Message)}");
    return ExitCode.Failed;
}

void EndInOrder(PosixSignalContext signal)
{
    if (!stop.IsCancellationRequested)
    {
        signal.Cancel = true;
        stop.Cancel();
    }
}
