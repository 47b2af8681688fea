#nullable enable
// The building blocks of the targets in build.cake.

string FromCaller(string path) => System.IO.Path.GetFullPath(path, EnvironmentVariable("PROOFSHEET_CALLER_FOLDER", "."));

string Assembly(string project) =>
    $"{System.IO.Path.GetDirectoryName(project)}/bin/{configuration}/net10.0/{System.IO.Path.GetFileNameWithoutExtension(project)}.dll";

void Build(string project, params string[] more) => Shell.Run("dotnet", ["build", project, "-c", configuration, "-v", "q", "-nologo", "-tl:off", "-clp:NoSummary", .. more]);

// One compiler for all projects takes two thirds of the time of one for each, which has to JIT-compile the analyzers every time.
void BuildWithCompilerServer(string solution, params string[] more)
{
    try
    {
        Build(solution, ["-p:UseSharedCompilation=true", .. more]);
    }
    finally
    {
        Shell.Run("dotnet", ["build-server", "shutdown", "--vbcscompiler"], log: ".tools/logs/build-server.log");
    }
}

void BuildApi() => BuildProgram("API", ApiProject, ApiSources);

void BuildIdentity() => BuildProgram("Identity", IdentityProject, IdentitySources);

void BuildAccountBff() => BuildProgram("the account page", AccountBffProject, AccountBffSources);

void BuildDemoPictures() => BuildProgram("the demo pictures", DemoPicturesProject, DemoPicturesSources);

void BuildProgram(string name, string project, string[] sources) => Stamps.Unless(StampOf(name), Inputs(sources), Assembly(project), () =>
{
    Console.WriteLine($"Building {name} ...");
    Build(project);
    CompileAhead(project);
});

// A Debug build is left alone for the debugger.
void CompileAhead(params string[] projects)
{
    if (configuration == "Release")
    {
        Ahead.Compile([.. projects.Select(p => System.IO.Path.GetDirectoryName(Assembly(p))!)]);
    }
}

void BuildSolution()
{
    BuildWithCompilerServer(Solution);
    AfterBuild([.. TestProjects, "Storefront.Tests"]);
}

// The analyzers take most of the build time. Ci runs them on every change, and builds what only Ci uses.
void BuildTests()
{
    BuildWithCompilerServer("build/Test.slnf", "-p:RunAnalyzers=false");
    AfterBuild(TestProjects);
}

void AfterBuild(string[] tests)
{
    CompileAhead([ApiProject, IdentityProject, AccountBffProject, .. tests.Select(TestProject)]);
    Stamps.Done(StampOf("API"), Inputs(ApiSources));
    Stamps.Done(StampOf("Identity"), Inputs(IdentitySources));
    Stamps.Done(StampOf("the account page"), Inputs(AccountBffSources));
    Stamps.Done(StampOf("the demo pictures"), Inputs(DemoPicturesSources));
}

string StampOf(string name) => $"{name.ToLowerInvariant().Replace(' ', '-')}-{configuration}";

string[] Inputs(string[] sources) =>
    [.. sources, "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "BannedSymbols.txt", ".editorconfig"];

void BuildNpmPackages()
{
    for (var i = 0; i < NpmPackages.Length; i++)
    {
        if (Npm.HasScript(NpmPackages[i], "build"))
        {
            Npm.Build(NpmPackages[i], NpmPackages[..i]);
        }
    }
}

// --class without --in means the API's tests.
bool IsAsked(string runner) =>
    (given.GetValueOrDefault("in") ?? (given.ContainsKey("class") ? "Api.Tests" : null)) is not { } asked || asked == runner;

bool AreAsked(params string[] runners) => runners.Any(IsAsked);

bool SetUp(string[] packages) => book.Step("set up", () =>
{
    Setup.SystemPackages(packages);
    Setup.Tools();
}, minutes: 20);

string TestProject(string folder) => $"tests/{folder}/Proofsheet.{folder}.csproj";

Run On(string folder, string database) => new(folder, database == "" ? folder : $"{folder} on {database}")
{
    Environment = { ["PROOFSHEET_TEST_DATABASE"] = database == "PostgreSQL" ? "postgres" : "sqlite" },
    // On the second database, run only the classes that are marked as depending on the database.
    Traits = database == "PostgreSQL" ? ["--filter-trait", "Database=Provider"] : [],
};

void RunTests(Run run, bool ready, string[] leaveOut, TestBudget? budget = null, bool isNightly = false)
{
    var project = TestProject(run.Folder);
    if (!IsAsked(run.Folder))
    {
        return;
    }

    var report = $"{run.Name.Replace(' ', '-')}.json";
    // A class that is requested by name runs whatever its suite is.
    string[] traits = given.ContainsKey("class") ? run.Traits : [.. run.Traits, .. leaveOut.SelectMany(suite => new[] { "--filter-not-trait", $"Suite={suite}" })];
    var settings = new Dictionary<string, string>(run.Environment)
    {
        ["PROOFSHEET_ARTIFACTS"] = System.IO.Path.GetFullPath("artifacts"),
        ["PROOFSHEET_API_ASSEMBLY"] = System.IO.Path.GetFullPath(Assembly(ApiProject)),
        ["PROOFSHEET_IDENTITY_ASSEMBLY"] = System.IO.Path.GetFullPath(Assembly(IdentityProject)),
        // Tests keep both cores busy, so photos at a low priority would wait for minutes.
        ["Imaging__LowPriority"] = "false",
        // A run of minutes does not earn back what counting calls costs: it takes 40 % of the CPU time of Identity.Tests.
        ["DOTNET_TieredPGO"] = "0",
        // For the same reason a method is compiled again only after 512 calls (hexadecimal), not after 30: 8 % of their CPU time.
        ["DOTNET_TC_CallCountThreshold"] = "200",
    };
    if (isNightly)
    {
        settings["PROOFSHEET_NIGHTLY"] = "1";
    }

    var minutes = isNightly ? 120 : 45;
    book.Tests(run.Name, $"artifacts/tests/{report}", Reports.Ctrf, () =>
    {
        if (!ready)
        {
            throw new StepFailed("not run, because the build failed");
        }

        if (run.Folder == "Sdk.Tests")
        {
            // These tests run the example of the TypeScript SDK's README as users would: with the built package.
            Npm.Build(TypeScriptSdk);
        }

        if (Npm.Has($"tests/{run.Folder}/npm"))
        {
            // Third-party clients and authorities, which the tests start.
            Npm.Install($"tests/{run.Folder}/npm");
        }

        return Shell.Code("dotnet", [Assembly(project), "--results-directory", "artifacts/tests", "--report-xunit-ctrf", "--report-xunit-ctrf-filename", report,
            // Code 8 means "zero tests ran", which also happens when all were skipped; the report distinguishes the two.
            "--timeout", $"{minutes - 1}m", "--progress", "off", "--ignore-exit-code", "8", .. given.TryGetValue("class", out var part) ? new[] { "--filter-class", part } : [],
            .. traits], environment: settings, limit: TimeSpan.FromMinutes(minutes));
    }, minutes, budget);
}

// Runs the tests of an npm package, after building the packages it depends on.
void RunVitest(string folder)
{
    if (!Npm.HasScript(folder, "test") || !IsAsked(System.IO.Path.GetFileName(folder)))
    {
        return;
    }

    var report = System.IO.Path.GetFullPath($"artifacts/tests/{folder.Replace('/', '-')}.json");
    book.Tests($"{folder} in vitest", report, Reports.Vitest, () =>
    {
        foreach (var package in NpmPackages.TakeWhile(p => p != folder))
        {
            Npm.Build(package);
        }

        Npm.Install(folder);
        return Shell.Code("npx", ["--no-install", "vitest", "run", "--reporter=default", "--reporter=json", $"--outputFile.json={report}"], folder);
    }, minutes: 10);
}

void Format()
{
    Shell.Run("dotnet", ["format", Solution, "--no-restore"]);
    Biome("check", "--write");
}

// The build already treats C# style and analyzer warnings as errors; only white space is left, which needs no compilation.
void CSharpIsFormatted()
{
    Shell.Run("dotnet", ["format", "whitespace", "--folder", "--verify-no-changes", "--include", "src/", "tests/", "samples/"]);
    UsingsAreSorted();
}

// Checks the formatting and lint of every TypeScript and JavaScript file in one run; warnings fail it too.
void Biome(string command, params string[] options) =>
    Shell.Run(".tools/node_modules/.bin/biome", [command, .. options, "--error-on-warnings", "--colors=off", "."]);

string[] Ef(ProductDatabase database, string provider, params string[] command) =>
    ["ef", .. command, "--project", database.Folder, "--startup-project", System.IO.Path.GetDirectoryName(database.Design)!,
        "--context", provider + database.Context, "--configuration", configuration, "--no-build"];

bool HasMigrations(ProductDatabase database, string provider) => System.IO.Directory.Exists($"{database.Folder}/Data/Providers/{provider}/Migrations");

// Adds a migration to each database whose model changed, for all providers.
void AddMigration(string name)
{
    var changed = 0;
    foreach (var database in Databases)
    {
        Build(database.Design);
        if (Providers.All(p => HasMigrations(database, p) && Shell.Code("dotnet", Ef(database, p, "migrations", "has-pending-model-changes"), log: System.IO.Path.GetFullPath(".tools/logs/ef.log")) == 0))
        {
            Console.WriteLine($"{database.Name}: the model is as its last migration has it.");
            continue;
        }

        changed++;
        foreach (var provider in Providers)
        {
            // No --namespace: it follows from the folder, and setting it would make EF put the snapshot somewhere else.
            Shell.Run("dotnet", Ef(database, provider, "migrations", "add", name, "--output-dir", $"Data/Providers/{provider}/Migrations"));
        }
    }

    if (changed == 0)
    {
        throw new StepFailed("no model changed, so there is nothing to migrate");
    }
}

void Migrate(string project, string option) => Shell.Run("dotnet", [Assembly(project), "migrate",
    .. given.TryGetValue("provider", out var provider) ? new[] { $"--provider={provider}" } : [],
    .. given.TryGetValue(option, out var connection) ? new[] { $"--connection={connection}" } : []]);

void GenerateSdks()
{
    BuildApi();

    // Swashbuckle starts the application up to its routes; any files that this leaves behind stay in a separate folder.
    const string scratch = ".tools/openapi";
    if (System.IO.Directory.Exists(scratch))
    {
        System.IO.Directory.Delete(scratch, recursive: true);
    }

    System.IO.Directory.CreateDirectory(scratch);
    System.IO.Directory.CreateDirectory("openapi");
    foreach (var (document, file) in new[] { ("v1", "api"), ("internal", "internal") })
    {
        Shell.Run("env", ["Payments__Provider=Simulator", "dotnet", "swagger", "tofile", "--openapiversion", "3.0", "--output", System.IO.Path.GetFullPath($"openapi/{file}.json"),
            System.IO.Path.GetFullPath(Assembly(ApiProject)), document], scratch, System.IO.Path.GetFullPath($".tools/logs/swagger-{file}.log"));
    }

    Shell.Run("node", ["src/Sdk/generator/csharp.mjs", "shape"]);
    Shell.Run("dotnet", ["msbuild", CSharpSdkProject, "-restore", "-t:GenerateClients", "-nologo", "-v:m"], log: System.IO.Path.GetFullPath(".tools/logs/nswag.log"));
    Shell.Run("node", ["src/Sdk/generator/csharp.mjs", "faces"]);
    if (Npm.HasScript(TypeScriptSdk, "generate"))
    {
        Npm.Install(TypeScriptSdk);
        Npm.Script(TypeScriptSdk, "generate");
    }
}

void CheckPages()
{
    book.Step("the solution lists every project", SolutionListsEveryProject);
    book.Step("every dependency is documented", DependenciesAreDocumented);
    book.Step("lock files name no download address", LockFilesNameNoAddress);
}

void Finish()
{
    book.Print();
    exitCode = book.Green ? 0 : 1;
}

record ProductDatabase(string Name, string Project, string Design, string Context)
{
    public string Folder => System.IO.Path.GetDirectoryName(Project)!;
}

/// A run of one test project: its name in the report, the environment it runs in, and which of its classes run.
record Run(string Folder, string Name)
{
    public Dictionary<string, string> Environment { get; } = [];

    public string[] Traits { get; init; } = [];
}
