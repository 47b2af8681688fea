using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Benchmarks.Support;

/// <summary>A C program of tests/Benchmarks/native, compiled against the very library that the product loads.</summary>
internal static class NativePeer
{
    public static string Compile(string name, string folder)
    {
        var library = VipsRuntime.Source;
        if (!library.Contains("sharp-libvips", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The C peer is built against npm's libvips; {library} was loaded. Run ./build.sh Bench once.");
        }

        var bench = Path.Combine(Checkout.Root, "tests", "Benchmarks");
        var headers = Path.Combine(bench, "npm", "node_modules", "@img", "sharp-libvips-dev", "include");
        var lib = Path.GetDirectoryName(library)!;
        var program = Path.Combine(folder, name);
        Cpu.OfProgram("cc", "-O2", "-o", program, Path.Combine(bench, "native", name + ".c"),
            "-I" + headers, "-I" + Path.Combine(headers, "glib-2.0"), "-I" + Path.Combine(lib, "glib-2.0", "include"), library, "-lm", "-Wl,-rpath," + lib);
        return program;
    }
}
