using System.Reflection;
using Microsoft.Extensions.Configuration.Memory;

namespace Proofsheet.Shared.Hosting;

internal static class OwnSettings
{
    /// <summary>
    /// The program's own appsettings.json under all other settings. The host finds the file only when the program is started from its own folder; from
    /// elsewhere it would be without its defaults, and write three lines into the log for every picture.
    /// </summary>
    public static void AddOwnSettings(this ConfigurationManager configuration, Assembly program)
    {
        using var file = program.GetManifestResourceStream("appsettings.json")!;
        var own = new ConfigurationBuilder().AddJsonStream(file).Build();
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = own.AsEnumerable().Where(s => s.Value is not null).ToList() });
    }
}
