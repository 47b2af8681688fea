using System.Runtime.InteropServices;

namespace Proofsheet.Api.Commands;

/// <summary>Handles Ctrl-C and SIGTERM, so that a command can stop where it is. A second signal ends it at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals()
    {
        void Stop(PosixSignalContext context)
        {
            context.Cancel = !_stopping.IsCancellationRequested;
            _stopping.Cancel();
        }

        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
    }

    public CancellationToken Token => _stopping.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stopping.Dispose();
    }
}
