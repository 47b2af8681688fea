using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit.Sdk;

namespace Proofsheet.Api.Tests.Support;

/// <summary>Everything that a program logs at the most verbose settings: texts, values, exceptions and scopes; and what it reports in traces.</summary>
[ProviderAlias("Recorded")]
internal sealed class RecordedLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<Line> _lines = new();
    private readonly ActivityListener _traces;
    private IExternalScopeProvider? _scopes;

    public RecordedLog()
    {
        _traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or "Npgsql" || source.Name.StartsWith("Proofsheet.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => _lines.Enqueue(new Line(span.Source.Name, LogLevel.Trace, $"{span.DisplayName} {Written(span.TagObjects)} {Written(span.Events.SelectMany(e => e.Tags))}")),
        };
        ActivitySource.AddActivityListener(_traces);
    }

    /// <summary>The most verbose settings there are: by default, by the categories in the program's settings, and for this provider alone.</summary>
    public static Dictionary<string, string?> Settings(params (string Name, string? Value)[] more)
    {
        string[] categories = ["Default", "Microsoft.AspNetCore", "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Query", "System.Net.Http"];
        var settings = new[] { "Logging:LogLevel", "Logging:Recorded:LogLevel" }
            .SelectMany(section => categories.Select(category => $"{section}:{category}"))
            .ToDictionary(name => name, string? (_) => "Trace");
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    public void AddTo(IServiceCollection services) => services.AddSingleton<ILoggerProvider>(this);

    /// <summary>Fails when something was logged that an operator would look into.</summary>
    public void ShouldHoldNoWarning()
    {
        if (_lines.FirstOrDefault(l => l.Level >= LogLevel.Warning) is { } warning)
        {
            throw new XunitException($"{warning.Level} {warning.Category}: {warning.Text}");
        }
    }

    /// <summary>Fails when a line contains one of these, verbatim or as encoded in URLs, JSON and base64.</summary>
    public void ShouldHoldNone(params (string What, string? Secret)[] secrets)
    {
        if (_lines.All(l => l.Level > LogLevel.Debug))
        {
            throw new XunitException("Nothing was logged at the lowest levels: this would find nothing.");
        }

        var leaks = new HashSet<string>();
        foreach (var (what, secret) in secrets)
        {
            if (secret is not { Length: >= 8 })
            {
                throw new XunitException($"{what} is too short to be looked for.");
            }

            foreach (var line in _lines.Where(l => Spellings(secret).Any(s => l.Text.Contains(s, StringComparison.OrdinalIgnoreCase))))
            {
                leaks.Add($"{what}: {line.Level} {line.Category}: {line.Text[..Math.Min(300, line.Text.Length)]}");
            }
        }

        if (leaks.Count > 0)
        {
            throw new XunitException($"Secrets are in the log:\n{string.Join('\n', leaks.Order())}");
        }
    }

    /// <summary>What was logged as an error or worse.</summary>
    public IEnumerable<string> Errors => _lines.Where(l => l.Level >= LogLevel.Error).Select(l => $"{l.Category}: {l.Text}");

    public bool Says(string text) => _lines.Any(l => l.Text.Contains(text, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() => _traces.Dispose();

    private static HashSet<string> Spellings(string secret) =>
        [secret, Uri.EscapeDataString(secret), WebUtility.UrlEncode(secret), System.Text.Json.JsonEncodedText.Encode(secret).Value, .. Enumerable.Range(0, 3).SelectMany(before => Base64Within(secret, before))];

    // The part that is the same whatever surrounds it: in a Basic header the secret follows the client's ID.
    private static string[] Base64Within(string secret, int before)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        var text = Convert.ToBase64String([.. new byte[before], .. bytes]);
        var inner = text[((before * 8 + 5) / 6)..((before + bytes.Length) * 8 / 6)];
        return [inner, inner.Replace('+', '-').Replace('/', '_')];
    }

    private static string Written(object? value) => value switch
    {
        null => "",
        string text => text,
        KeyValuePair<string, object?> pair => $"{pair.Key}={Written(pair.Value)}",
        IEnumerable many => string.Join(", ", many.Cast<object?>().Select(Written)),
        _ => value.ToString() ?? "",
    };

    private sealed record Line(string Category, LogLevel Level, string Text);

    private sealed class Logger(RecordedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = new StringBuilder($"{formatter(state, exception)} | {Written(state)} | {exception}");
            log._scopes?.ForEachScope((scope, all) => all.Append($" | {scope} {Written(scope)}"), text);
            log._lines.Enqueue(new Line(category, logLevel, text.ToString()));
        }
    }
}
