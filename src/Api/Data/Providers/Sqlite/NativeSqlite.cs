using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Proofsheet.Api.Data.Providers.Sqlite;

/// <summary>
/// Microsoft.Data.Sqlite 10 is built against SQLitePCLRaw 2.1, of which the package source carries only 2.0.6; the
/// members it calls are the same. This answers its request without a version, and sends the native calls to the
/// system's libsqlite3, since the bundled 3.35 lacks the JSON operators that EF Core writes.
/// </summary>
internal static class NativeSqlite
{
#pragma warning disable CA2255 // The hook must be in place before the first type of Microsoft.Data.Sqlite is touched.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Initialize()
    {
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
            name.Name == "SQLitePCLRaw.core" && name.Version is not null
                ? context.LoadFromAssemblyName(new AssemblyName("SQLitePCLRaw.core"))
                : null;
        Register();
    }

    // Not inlined: its types must not be loaded before the hook above is set.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Register()
    {
        var provider = Assembly.Load(new AssemblyName("SQLitePCLRaw.provider.e_sqlite3"));
        NativeLibrary.SetDllImportResolver(provider, static (library, assembly, path) =>
            library == "e_sqlite3" && OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libsqlite3.so.0", out var handle) ? handle : 0);
        SQLitePCL.Batteries_V2.Init();
    }
}
