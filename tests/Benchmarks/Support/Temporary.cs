namespace Proofsheet.Benchmarks.Support;

internal sealed class Temporary : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("proofsheet-bench-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
