using System.Reflection;
using Microsoft.Extensions.Configuration.Memory;

namespace Proofsheet.Shared.Hosting;

internal static class OwnSettings
{
    /// <summary>
    /// Adds the embedded appsettings.json with the lowest precedence. The host finds the file on disk only when the program is started from its own
    /// folder; elsewhere it would lack its defaults, and log three lines per picture.
    /// </summary>
    public static void AddOwnSettings(this ConfigurationManager configuration, Assembly program)
    {
        using var file = program.GetManifestResourceStream("appsettings.json")!;
        var own = new ConfigurationBuilder().AddJsonStream(file).Build();
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = own.AsEnumerable().Where(s => s.Value is not null).ToList() });
    }
}
