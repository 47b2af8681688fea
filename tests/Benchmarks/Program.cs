using System.Globalization;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Benchmarks.Parts;
using Proofsheet.Benchmarks.Quality;
using Proofsheet.Benchmarks.Support;

// dotnet run -c Release --project tests/Benchmarks [-- --filter NAME] [--write]
// dotnet run -c Release --project tests/Benchmarks -- quality [PHOTOS] [--crops FOLDER]
// dotnet run -c Release --project tests/Benchmarks -- paired OTHER/Proofsheet.Benchmarks.dll [webp4|webp2|avif0|marked] [ROUNDS]
// Each part measures the product against a peer or a limit, interleaved in one run, and prints medians and their ratio.
if (args is ["bare-server", var address, ..])
{
    return await BareServer.RunAsync(address, args.ElementAtOrDefault(2));
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
VipsRuntime.Ensure();
switch (args)
{
    case ["render-server", var listen, var master]:
        return await OnRequestPart.ServeAsync(listen, master);
    case ["derivatives", ..]:
        return Derivatives.Run(args[1..]);
    case ["paired", var other, ..]:
        return Paired.Run(other, args[2..]);
    case ["quality", ..]:
        return QualityTable.Run(args[1..]);
}

var filter = Array.IndexOf(args, "--filter") is >= 0 and var at && at + 1 < args.Length ? args[at + 1].Trim('*') : "";
IPart[] parts = [new IngestPart(), new DerivativesPart(), new OnRequestPart(), new StartPart(), new RenditionPart(), new ListPart(), new OrderPart(), new ZipPart(), new UploadPart(), new TokenPart(), new IdentityPart(), new ScalePart(), new SessionPart(), new FairnessPart(), new PressurePart(), new HostilePart()];
var chosen = parts.Where(p => p.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"No part is called {filter}. There are {string.Join(", ", parts.Select(p => p.Name))}.");
    return 2;
}

var rows = new List<Row>();
foreach (var part in chosen)
{
    Console.WriteLine($"{part.Name} …");
    foreach (var row in await part.RunAsync())
    {
        rows.Add(row);
        Console.WriteLine($"  {row}");
    }
}

var table = Report.Table(rows);
Console.WriteLine();
Console.WriteLine(table);
if (args.Contains("--write"))
{
    Report.Write(table);
}

return 0;
