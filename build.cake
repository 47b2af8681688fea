#nullable enable
#load "build/steps.cake"
#load "build/setup.cake"
#load "build/run.cake"
#load "build/checks.cake"

// What ./build.sh can do. Each part of the house is used where its folder stands.
const string Solution = "Proofsheet.slnx";
const string ApiProject = "src/Api/Proofsheet.Api.csproj";
const string DesignProject = "src/Api/Data/Design/Proofsheet.Api.Design.csproj";
const string CSharpSdk = "src/Sdk/csharp";
const string TypeScriptSdk = "src/Sdk/typescript";
const string Storefront = "samples/storefront";
const string DemoStudio = "samples/demo-studio";

var given = Context.Arguments.GetArguments()
    .Where(a => a.Key is not ("target" or "verbosity") && !a.Key.StartsWith("Settings_", StringComparison.Ordinal))
    .ToDictionary(a => a.Key, a => a.Value.Last(), StringComparer.Ordinal);
var configuration = given.GetValueOrDefault("configuration", "Release");
// The libraries and fonts that the API uses, and what the tests start beside it.
string[] RuntimePackages = ["libsqlite3-0", "fontconfig-config", "fonts-dejavu-core"];
string[] TestPackages = [.. RuntimePackages, "postgresql"];
Dictionary<string, string> Sqlite = new() { ["PROOFSHEET_TEST_DATABASE"] = "sqlite" };
(string Name, string Context)[] Providers =
    [("Sqlite", "SqliteProofsheetDb"), ("Postgres", "PostgresProofsheetDb"), ("SqlServer", "SqlServerProofsheetDb")];
var book = new Book();
var exitCode = 0;

// ---- Targets

Target("Run", "starts API and storefront with a demo studio [--photos=DIR] [--port=5080]", ["photos", "port"], () =>
{
    Setup.SystemPackages([.. RuntimePackages]);
    Setup.Tools();
    BuildApi();
    Npm.Build(TypeScriptSdk);
    Npm.Install(DemoStudio);
    if (Npm.Has(Storefront))
    {
        BuildStorefront();
    }

    if (!int.TryParse(given.GetValueOrDefault("port", "5080"), out var port) || port is < 1 or > 65534)
    {
        throw new StepFailed("--port: a number from 1 to 65534");
    }

    Product.Run(Assembly(ApiProject), given.TryGetValue("photos", out var photos) ? FromCaller(photos) : null, port);
});

Target("Test", "runs the tests on SQLite [--class=\"*Part\"]", ["class"], () =>
{
    var built = SetUpAndBuild(TestPackages);
    RunTests("Api.Tests", "Api.Tests on SQLite", built, Sqlite);
    RunTests("Identity.Tests", "Identity.Tests", built, Sqlite);
    RunTests("Sdk.Tests", "Sdk.Tests", built, Sqlite);
    RunVitest(TypeScriptSdk);
    Finish();
});

Target("Ci", "Test, and PostgreSQL, formats, migrations, SDKs without a diff, the browser; ends in one line of counts", [], () =>
{
    var built = SetUpAndBuild([.. TestPackages, "chromium", "nginx-light"]);
    RunTests("Api.Tests", "Api.Tests on SQLite", built, Sqlite);
    RunTests("Api.Tests", "Api.Tests on PostgreSQL", built, new() { ["PROOFSHEET_TEST_DATABASE"] = "postgres" });
    RunTests("Identity.Tests", "Identity.Tests", built, Sqlite);
    RunTests("Sdk.Tests", "Sdk.Tests", built, Sqlite);
    RunVitest(TypeScriptSdk);
    book.Step("format", () => Format(verify: true));
    PendingModelChanges(built);
    book.Step("SDKs regenerate without a diff", SdkWithoutDiff);
    if (Npm.Has(Storefront))
    {
        book.Step("storefront", BuildStorefront);
        RunTests("Storefront.Tests", "Storefront.Tests in the browser", built, Sqlite);
    }

    book.Step("the solution lists every project", SolutionListsEveryProject);
    book.Step("every dependency is documented", DependenciesAreDocumented);
    book.Step("lock files name no download address", LockFilesNameNoAddress);
    Finish();
});

Target("Sdk", "writes openapi/*.json and the generated parts of the C# and TypeScript SDKs anew", [], () =>
{
    Setup.Tools();
    GenerateSdks();
});

Target("Migrate", "migrates the database [--provider=sqlite|postgres|sqlserver --connection=...]; --add=NAME makes a migration for all three",
    ["provider", "connection", "add"], () =>
{
    if (given.TryGetValue("add", out var name))
    {
        AddMigration(name);
        return;
    }

    BuildApi();
    Shell.Run("dotnet", [Assembly(ApiProject), "migrate",
        .. from option in new[] { "provider", "connection" } where given.ContainsKey(option) select $"--{option}={given[option]}"]);
});

Target("Bench", "runs tests/Benchmarks [--only=\"*Part*\"]", ["only"], () =>
{
    Setup.SystemPackages([.. RuntimePackages, "libvips-tools", "nginx-light", "wrk"]);
    Setup.Tools();
    Shell.Run("dotnet", ["run", "-c", "Release", "--project", "tests/Benchmarks", "--",
        .. given.TryGetValue("only", out var only) ? new[] { "--filter", only } : []], limit: TimeSpan.FromHours(2));
});

Target("Format", "formats C# and TypeScript", [], () => Format(verify: false));

Task("List").Does(() =>
{
    Console.WriteLine("./build.sh TARGET [--name=value ...]\n");
    foreach (var task in Tasks.Where(t => !string.IsNullOrEmpty(t.Description)))
    {
        Console.WriteLine($"  {task.Name,-8} {task.Description}");
    }
});

var target = Argument("target", "List");
if (!Tasks.Any(t => t.Name.Equals(target, StringComparison.OrdinalIgnoreCase)))
{
    Console.Error.WriteLine($"build.sh: there is no target '{target}'. Targets: {string.Join(' ', Tasks.Where(t => !string.IsNullOrEmpty(t.Description)).Select(t => t.Name))}");
    Environment.Exit(2);
}

RunTarget(target);
Environment.Exit(exitCode);

// ---- Parts

void Target(string name, string description, string[] options, Action work) => Task(name).Description(description).Does(() =>
{
    var unknown = given.Keys.Except([.. options, "configuration"]).ToList();
    if (unknown.Count > 0)
    {
        var known = options.Length == 0 ? "none" : string.Join(' ', options.Select(o => $"--{o}"));
        Console.Error.WriteLine($"build.sh: {name} does not know --{unknown[0]}. Its options: {known}");
        exitCode = 2;
        return;
    }

    try
    {
        Setup.Folders();
        work();
    }
    catch (StepFailed e)
    {
        Console.Error.WriteLine($"build.sh {name}: {e.Message}");
        exitCode = 1;
    }
});

string FromCaller(string path) => System.IO.Path.GetFullPath(path, EnvironmentVariable("PROOFSHEET_CALLER_FOLDER", "."));

string Assembly(string project) =>
    $"{System.IO.Path.GetDirectoryName(project)}/bin/{configuration}/net10.0/{System.IO.Path.GetFileNameWithoutExtension(project)}.dll";

void Build(string project) => Shell.Run("dotnet", ["build", project, "-c", configuration, "-v", "q", "-nologo", "-tl:off", "-clp:NoSummary"]);

void BuildApi() => Stamps.Unless($"api-{configuration}",
    ["src/Api", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "BannedSymbols.txt", ".editorconfig"],
    Assembly(ApiProject), () =>
    {
        Console.WriteLine("Building the API ...");
        Build(ApiProject);
    });

void BuildStorefront()
{
    if (Npm.Has(TypeScriptSdk))
    {
        Npm.Build(TypeScriptSdk);
    }

    Npm.Build(Storefront, TypeScriptSdk);
}

bool SetUpAndBuild(string[] packages)
{
    book.Step("set up", () =>
    {
        Setup.SystemPackages(packages);
        Setup.Tools();
    });
    return book.Step("build", () => Build(Solution));
}

void RunTests(string folder, string name, bool built, Dictionary<string, string> environment)
{
    var project = $"tests/{folder}/Proofsheet.{folder}.csproj";
    if (!System.IO.File.Exists(project))
    {
        return;
    }

    var report = $"{name.Replace(' ', '-')}.json";
    var settings = new Dictionary<string, string>(environment)
    {
        ["PROOFSHEET_ARTIFACTS"] = System.IO.Path.GetFullPath("artifacts"),
        ["PROOFSHEET_API_ASSEMBLY"] = System.IO.Path.GetFullPath(Assembly(ApiProject)),
    };
    book.Tests(name, $"artifacts/tests/{report}", Reports.Ctrf, () => !built
        ? throw new StepFailed("not run, because the build failed")
        : Shell.Code("dotnet", [Assembly(project), "--results-directory", "artifacts/tests", "--report-ctrf", "--report-ctrf-filename", report,
            // Code 8 is "zero tests ran", which is also said when all were skipped; the report tells the two apart.
            "--timeout", "25m", "--no-progress", "--ignore-exit-code", "8", .. given.TryGetValue("class", out var part) ? new[] { "--filter-class", part } : []],
            environment: settings, limit: TimeSpan.FromMinutes(27)));
}

void RunVitest(string folder)
{
    if (!Npm.HasScript(folder, "test"))
    {
        return;
    }

    var report = System.IO.Path.GetFullPath($"artifacts/tests/{folder.Replace('/', '-')}.json");
    book.Tests($"{folder} in vitest", report, Reports.Vitest, () =>
    {
        Npm.Build(folder);
        return Shell.Code("npx", ["--no-install", "vitest", "run", "--reporter=default", "--reporter=json", $"--outputFile.json={report}"],
            folder, limit: TimeSpan.FromMinutes(10));
    });
}

void Format(bool verify)
{
    Shell.Run("dotnet", ["format", Solution, "--no-restore", .. verify ? new[] { "--verify-no-changes" } : []]);
    foreach (var folder in new[] { TypeScriptSdk, Storefront }.Where(f => Npm.HasScript(f, "format")))
    {
        Npm.Install(folder);
        Npm.Script(folder, verify ? "format:check" : "format", quiet: false);
    }
}

void Ef(string name, string context, params string[] command) =>
    Shell.Run("dotnet", ["ef", .. command, "--project", "src/Api", "--startup-project", System.IO.Path.GetDirectoryName(DesignProject)!,
        "--context", context, "--configuration", configuration, "--no-build"]);

void AddMigration(string name)
{
    Build(DesignProject);
    foreach (var (provider, context) in Providers)
    {
        // No --namespace: it follows from the folder, and with it EF would put the snapshot somewhere else.
        Ef(provider, context, "migrations", "add", name, "--output-dir", $"Data/Providers/{provider}/Migrations");
    }
}

void PendingModelChanges(bool built)
{
    foreach (var (provider, context) in Providers.Where(p => System.IO.Directory.Exists($"src/Api/Data/Providers/{p.Name}/Migrations")))
    {
        book.Step($"no pending model changes for {provider}", () =>
        {
            if (!built)
            {
                throw new StepFailed("not run, because the build failed");
            }

            Ef(provider, context, "migrations", "has-pending-model-changes");
        });
    }
}

void GenerateSdks()
{
    BuildApi();

    // Swashbuckle starts the application as far as its routes; what that leaves behind stays in a folder of its own.
    const string scratch = ".tools/openapi";
    if (System.IO.Directory.Exists(scratch))
    {
        System.IO.Directory.Delete(scratch, recursive: true);
    }

    System.IO.Directory.CreateDirectory(scratch);
    System.IO.Directory.CreateDirectory("openapi");
    Shell.Run("dotnet", ["swagger", "tofile", "--openapiversion", "3.0", "--output", System.IO.Path.GetFullPath("openapi/api.json"),
        System.IO.Path.GetFullPath(Assembly(ApiProject)), "v1"], scratch, System.IO.Path.GetFullPath(".tools/logs/swagger.log"));
    Shell.Run("node", ["src/Sdk/generator/csharp.mjs", "shape"]);
    Shell.Run("node", [System.IO.Path.GetFullPath(".tools/node_modules/nswag/bin/nswag.js"), "run", "nswag.json", "/runtime:Net100"],
        ".tools/sdk", System.IO.Path.GetFullPath(".tools/logs/nswag.log"));
    Shell.Run("node", ["src/Sdk/generator/csharp.mjs", "faces"]);
    if (Npm.HasScript(TypeScriptSdk, "generate"))
    {
        Npm.Install(TypeScriptSdk);
        Npm.Script(TypeScriptSdk, "generate");
    }
}

void Finish()
{
    book.Print();
    exitCode = book.Green ? 0 : 1;
}
