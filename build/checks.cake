#nullable enable
// What Ci checks besides tests.
void SdkWithoutDiff(bool ready)
{
    if (!ready)
    {
        throw new StepFailed("not run, because the build failed");
    }

    string[] generated = ["openapi", "src/Sdk"];
    var before = Stamps.Hash(generated);
    GenerateSdks();
    if (Stamps.Hash(generated) != before)
    {
        Shell.Code("git", ["--no-pager", "diff", "--stat", "--", .. generated]);
        Shell.Code("git", ["status", "--short", "--", .. generated]);
        throw new StepFailed("the committed OpenAPI document or SDKs are not what the code makes: run ./build.sh Sdk and commit");
    }
}

void BareDebian()
{
    var code = Shell.Code("bash", ["build/bare-debian.sh"], limit: TimeSpan.FromHours(2));
    if (code == 77)
    {
        throw new StepSkipped("it needs root and debootstrap; see the line above");
    }

    if (code != 0)
    {
        throw new StepFailed($"build/bare-debian.sh ended with code {code}");
    }
}

void TypeChecks()
{
    foreach (var package in NpmPackages.Where(p => Npm.HasScript(p, "typecheck")))
    {
        book.Step($"types of {package}", () =>
        {
            Npm.Install(package);
            Npm.Script(package, "typecheck", quiet: false);
        });
    }
}

void DocumentsSuitOthers()
{
    book.Step("redocly and spectral find nothing in the OpenAPI documents", () =>
    {
        Npm.Install(DocumentChecks);
        Npm.Script(DocumentChecks, "lint", quiet: false);
    });
    book.Step("clients by openapi-typescript, hey-api and orval compile strictly", () =>
    {
        Npm.Install(DocumentChecks);
        Npm.Script(DocumentChecks, "clients", quiet: false);
    });
}

void SolutionListsEveryProject()
{
    var solution = System.IO.File.ReadAllText(Solution);
    var missing = Stamps.Files(["src", "tests", "samples"]).Where(f => f.EndsWith(".csproj") && !solution.Contains($"\"{f}\"")).ToList();
    if (missing.Count > 0)
    {
        throw new StepFailed($"{Solution} lacks {string.Join(", ", missing)}: dotnet sln {Solution} add {string.Join(' ', missing)}");
    }
}

// System first, then by name. Checked here because dotnet format would compile the whole solution for it.
void UsingsAreSorted()
{
    var usings = new System.Text.RegularExpressions.Regex(@"^using (?!static |\w+ =)([\w.]+);$");
    var wrong = new List<string>();
    foreach (var file in Stamps.Files(["src", "tests", "samples"]).Where(f => f.EndsWith(".cs") && !f.Contains("/Migrations/") && !f.Contains("/Generated/")))
    {
        var names = System.IO.File.ReadLines(file).TakeWhile(l => l.Length == 0 || l.StartsWith("using ") || l.StartsWith("//") || l.StartsWith("#"))
            .Select(l => usings.Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value).ToList();
        var sorted = names.OrderBy(n => n.Split('.')[0] == "System" ? 0 : 1).ThenBy(n => n, StringComparer.OrdinalIgnoreCase);
        if (!names.SequenceEqual(sorted))
        {
            wrong.Add(file);
        }
    }

    if (wrong.Count > 0)
    {
        throw new StepFailed($"using directives are out of order in {string.Join(", ", wrong)}: run ./build.sh Format");
    }
}

void LockFilesNameNoAddress()
{
    var naming = Stamps.Files(["build", "src", "tests", "samples"])
        .Where(f => f.EndsWith("package-lock.json") && System.IO.File.ReadAllText(f).Contains("\"resolved\": \"http")).ToList();
    if (naming.Count > 0)
    {
        throw new StepFailed($"{string.Join(", ", naming)}: set omit-lockfile-registry-resolved=true in an .npmrc beside it, remove the file and run npm install");
    }
}

// docs/dependencies.md must list each package that we reference by name as "| name | version |".
void DependenciesAreDocumented()
{
    var listed = System.IO.File.ReadAllText("docs/dependencies.md");
    var central = System.Xml.Linq.XDocument.Load("Directory.Packages.props").Descendants("PackageVersion")
        .Select(p => (Name: p.Attribute("Include")!.Value, Version: p.Attribute("Version")!.Value, File: "Directory.Packages.props"));
    using var manifest = JsonDocument.Parse(System.IO.File.ReadAllText(".config/dotnet-tools.json"));
    var tools = manifest.RootElement.GetProperty("tools").EnumerateObject()
        .Select(t => (t.Name, Version: t.Value.GetProperty("version").GetString()!, File: ".config/dotnet-tools.json"));
    var npm = Stamps.Files(["build", "src", "tests", "samples"]).Where(f => f.EndsWith("/package.json")).SelectMany(NpmDependencies);
    var missing = central.Concat(tools).Concat(npm).Where(d => !listed.Contains($"| {d.Name} | {d.Version} |")).Distinct().ToList();
    if (missing.Count > 0)
    {
        throw new StepFailed("docs/dependencies.md lacks " + string.Join(", ", missing.Select(d => $"{d.Name} {d.Version} ({d.File})")));
    }
}

IEnumerable<(string Name, string Version, string File)> NpmDependencies(string file)
{
    using var package = JsonDocument.Parse(System.IO.File.ReadAllText(file));
    return new[] { "dependencies", "devDependencies", "optionalDependencies" }
        .Where(kind => package.RootElement.TryGetProperty(kind, out _))
        .SelectMany(kind => package.RootElement.GetProperty(kind).EnumerateObject())
        .Where(d => !d.Value.GetString()!.StartsWith("file:"))
        .Select(d => (d.Name, d.Value.GetString()!.TrimStart('^', '~'), file)).ToList();
}
