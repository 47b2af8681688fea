using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Benchmarks.Support;

/// <summary>A C program in tests/Benchmarks/native, compiled against the same library that the product loads.</summary>
internal static class NativePeer
{
    public static string Compile(string name, string folder)
    {
        var library = VipsLibrary.Source;
        var bench = Path.Combine(Checkout.Root, "tests", "Benchmarks");
        // The NuGet package has no headers; sharp's packages have those of the same version.
        var sharp = Path.Combine(bench, "npm", "node_modules", "@img");
        var headers = Path.Combine(sharp, "sharp-libvips-dev", "include");
        var platform = Path.Combine(sharp, "sharp-libvips-linux-x64", "lib", "glib-2.0", "include");
        if (!Path.IsPathRooted(library) || !Directory.Exists(headers) || !Directory.Exists(platform))
        {
            throw new InvalidOperationException($"The C peer is built against the libvips of the NuGet package, with headers from npm; {library} was loaded. Run ./build.sh Bench once.");
        }

        var program = Path.Combine(folder, name);
        Cpu.OfProgram("cc", "-O2", "-o", program, Path.Combine(bench, "native", name + ".c"),
            "-I" + headers, "-I" + Path.Combine(headers, "glib-2.0"), "-I" + platform, library, "-lm", "-Wl,-rpath," + Path.GetDirectoryName(library));
        return program;
    }
}
