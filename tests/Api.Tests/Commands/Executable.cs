using System.Reflection;
using System.Text;

namespace Proofsheet.Api.Tests.Commands;

internal sealed record CommandResult(int Code, string Output, string Error)
{
    public override string ToString() => $"{Code}\n{Output}\n{Error}";
}

/// <summary>
/// The executable, run in this process from its entry point: as a process of its own, it would take two seconds of CPU to start. Signals, and what it
/// finds in its folder and environment, need a real process.
/// </summary>
internal static class Executable
{
    private static readonly AsyncLocal<(StringWriter Output, StringWriter Error)?> Printed = new();

    static Executable()
    {
        Console.SetOut(new Diverted(Console.Out, printed => printed.Output));
        Console.SetError(new Diverted(Console.Error, printed => printed.Error));
    }

    /// <summary>Runs it in Production with these arguments, the last of which win, and returns what it printed.</summary>
    public static Task<CommandResult> RunAsync(IEnumerable<string> args) => Task.Run(() =>
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Printed.Value = (output, error);
        object?[] parameters = [args.Append("--environment=Production").ToArray()];
        var code = (int)typeof(Program).Assembly.EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, parameters, null)!;
        return new CommandResult(code, output.ToString(), error.ToString());
    });

    /// <summary>Passes on what is written while no command runs.</summary>
    private sealed class Diverted(TextWriter otherwise, Func<(StringWriter Output, StringWriter Error), StringWriter> choose) : TextWriter
    {
        private TextWriter Target => Printed.Value is { } printed ? choose(printed) : otherwise;

        public override Encoding Encoding => otherwise.Encoding;

        public override void Write(char value) => Target.Write(value);

        public override void Write(char[] buffer, int index, int count) => Target.Write(buffer, index, count);

        public override void Write(string? value) => Target.Write(value);

        public override void Flush() => Target.Flush();
    }
}
