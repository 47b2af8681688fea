using Microsoft.Extensions.Logging;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>Records every log line of every level, with its exception.</summary>
internal sealed class KeptLog<T>(List<string> lines) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines)
        {
            lines.Add($"{formatter(state, exception)} {exception}");
        }
    }
}
