#nullable enable
#load "build/shell.cake"
#load "build/budget.cake"
#load "build/steps.cake"
#load "build/setup.cake"
#load "build/ahead.cake"
#load "build/demo.cake"
#load "build/run.cake"
#load "build/checks.cake"
#load "build/parts.cake"

// The targets of ./build.sh, and the projects and packages they work on.
const string Solution = "Proofsheet.slnx";
const string ApiProject = "src/Api/Proofsheet.Api.csproj";
const string IdentityProject = "src/Identity/Proofsheet.Identity.csproj";
const string CSharpSdkProject = "src/Sdk/csharp/Proofsheet.Sdk.csproj";
const string TypeScriptSdk = "src/Sdk/typescript";
const string AccountBffProject = "samples/account-bff/Proofsheet.AccountBff.csproj";
const string Storefront = "samples/storefront";
const string DemoStudio = "samples/demo-studio";
const string DemoPicturesProject = "samples/demo-studio/DemoPictures/Proofsheet.DemoPictures.csproj";
// Linters of the OpenAPI documents, and generators that others make clients with.
const string DocumentChecks = "build/openapi";
const string BenchmarksProject = "tests/Benchmarks/Proofsheet.Benchmarks.csproj";

// Each may depend on the ones before it.
string[] NpmPackages = [TypeScriptSdk, Storefront, DemoStudio];

var given = Context.Arguments.GetArguments()
    .Where(a => a.Key is not ("target" or "verbosity") && !a.Key.StartsWith("Settings_", StringComparison.Ordinal))
    .ToDictionary(a => a.Key, a => a.Value.Last(), StringComparer.Ordinal);
var configuration = given.GetValueOrDefault("configuration", "Release");
// The libraries and fonts that the API uses, and the programs that the tests start.
string[] RuntimePackages = ["libicu72", "fontconfig-config", "fonts-dejavu-core", "libheif1", "libraw20"];
string[] TestPackages = [.. RuntimePackages, "postgresql", "7zip", "python3", "unzip"];
// A store with the interface of S3. It is large and its tests are slow, so only Ci installs it; if it is installed, Test uses it too.
string[] StorePackages = ["swift-proxy", "swift-account", "swift-container", "swift-object"];
string[] CiPackages = [.. TestPackages, .. StorePackages, "chromium", "nginx-light", "git"];
// The source folders that each program is built from, including shared ones.
string[] ApiSources = ["src/Api", "src/Shared", "src/Identity/Jose"];
string[] IdentitySources = ["src/Identity", "src/Shared"];
string[] AccountBffSources = ["samples/account-bff", "src/Sdk/csharp"];
string[] DemoPicturesSources = ["samples/demo-studio/DemoPictures"];
// Those of build/Test.slnf, which Test runs. Ci also runs Storefront.Tests.
string[] TestProjects = ["Api.Tests", "Identity.Tests", "Sdk.Tests"];
// The suites of tests that are too slow for Test, and for Ci.
string[] NotInTest = ["Ci", "Nightly"];
string[] NotInCi = ["Nightly"];
string[] Providers = ["Sqlite", "Postgres", "SqlServer"];
// The name of a context is its provider's name followed by the last value here.
ProductDatabase[] Databases =
[
    new("Api", ApiProject, "src/Api/Data/Design/Proofsheet.Api.Design.csproj", "ProofsheetDb"),
    new("Identity", IdentityProject, "src/Identity/Data/Design/Proofsheet.Identity.Design.csproj", "IdentityDb"),
];
var book = new Book();
var exitCode = 0;

// ---- Targets

Target("Run", "starts the API, Identity, the storefront and the account page with a demo studio [--photos=DIR] [--port=5080]", ["photos", "port"], () =>
{
    Setup.SystemPackages([.. RuntimePackages]);
    Setup.Tools();
    BuildApi();
    BuildIdentity();
    BuildAccountBff();
    BuildDemoPictures();
    Npm.Build(TypeScriptSdk);
    Npm.Install(DemoStudio);
    BuildNpmPackages();

    if (!int.TryParse(given.GetValueOrDefault("port", "5080"), out var port) || port is < 1 or > 65532)
    {
        throw new StepFailed("--port: a number from 1 to 65532");
    }

    Product.Run(new Programs(Assembly(ApiProject), Assembly(IdentityProject), Assembly(AccountBffProject), Assembly(DemoPicturesProject)), given.TryGetValue("photos", out var photos) ? FromCaller(photos) : null, port);
});

Target("Test", "runs the tests on SQLite, without the slowest [--in=Api.Tests|Identity.Tests|Sdk.Tests|typescript|storefront] [--class=\"*Part\"]", ["in", "class"], () =>
{
    var isSetUp = SetUp(TestPackages);
    using var isBuilt = new Signal();
    // For two cores: the API's tests, which take longest, run in one lane and everything else in the other.
    Lanes.Together(
        () =>
        {
            isBuilt.Set(isSetUp && (!AreAsked(TestProjects) || book.Step("build", BuildTests, minutes: 30)));
            RunTests(On("Api.Tests", "SQLite"), isBuilt.Wait(), NotInTest);
        },
        () =>
        {
            RunVitest(TypeScriptSdk);
            RunVitest(Storefront);
            RunTests(On("Identity.Tests", "SQLite"), isBuilt.Wait(), NotInTest);
            RunTests(On("Sdk.Tests", ""), isBuilt.Wait(), NotInTest);
        });
    Finish();
});

Target("Ci", "everything that a change is held to; ends in one line of counts", [], () =>
{
    var budget = new TestBudget();
    using var isSetUp = new Signal();
    using var isBuilt = new Signal();
    // The longest first; a lane that finishes one takes the next.
    var runs = new System.Collections.Concurrent.ConcurrentQueue<Run>(
    [
        On("Api.Tests", "SQLite"), On("Storefront.Tests", ""), On("Identity.Tests", "SQLite"), On("Api.Tests", "PostgreSQL"), On("Identity.Tests", "PostgreSQL"), On("Sdk.Tests", ""),
    ]);
    void RunNext(bool ready)
    {
        while (runs.TryDequeue(out var run))
        {
            RunTests(run, ready, NotInCi, budget);
        }
    }

    Lanes.Together(
        () =>
        {
            isBuilt.Set(book.Step("build", BuildSolution, minutes: 30));
            RunNext(isBuilt.Wait() && isSetUp.Wait());
        },
        () =>
        {
            isSetUp.Set(SetUp(CiPackages));
            CheckPages();
            book.Step("C# is formatted", CSharpIsFormatted);
            book.Step("npm packages", BuildNpmPackages);
            book.Step("TypeScript is formatted, and the linter finds nothing", () => Biome("ci"));
            TypeChecks();
            DocumentsSuitOthers();
            RunVitest(TypeScriptSdk);
            RunVitest(Storefront);
            var ready = isBuilt.Wait() && isSetUp.Wait();
            book.Step("SDKs regenerate without a diff", () => SdkWithoutDiff(ready));
            book.Step("the API breaks no client", () => Shell.Run("node", ["src/Sdk/generator/breaks.mjs"]));
            RunNext(ready);
        });
    book.Step("the test budget names only classes that ran", budget.NoneIsLeftOver);
    Finish();
});

Target("Nightly", "every test with its full number of rounds, and the README's commands in a bare Debian", [], () =>
{
    var ready = SetUp([.. CiPackages, "debootstrap"]) & book.Step("build", BuildSolution, minutes: 30) & book.Step("npm packages", BuildNpmPackages);
    foreach (var run in new[] { On("Api.Tests", "SQLite"), On("Api.Tests", "PostgreSQL"), On("Identity.Tests", "SQLite"), On("Identity.Tests", "PostgreSQL"), On("Sdk.Tests", ""), On("Storefront.Tests", "") })
    {
        RunTests(run, ready, leaveOut: [], isNightly: true);
    }

    RunVitest(TypeScriptSdk);
    RunVitest(Storefront);

    book.Step("the README's commands in a bare Debian", BareDebian, minutes: 120);
    Finish();
});

Target("Sdk", "regenerates openapi/*.json and the generated parts of the C# and TypeScript SDKs", [], () =>
{
    Setup.Tools();
    GenerateSdks();
});

Target("Pack", "packs both SDKs into artifacts/packages, for other projects to install", [], () =>
{
    var packages = System.IO.Path.GetFullPath("artifacts/packages");
    if (System.IO.Directory.Exists(packages))
    {
        System.IO.Directory.Delete(packages, recursive: true);
    }

    System.IO.Directory.CreateDirectory(packages);
    Shell.Run("dotnet", ["pack", CSharpSdkProject, "-c", configuration, "-o", packages, "-v", "q", "-nologo", "-tl:off"]);
    Npm.Build(TypeScriptSdk);
    Shell.Run("npm", ["pack", "--silent", "--pack-destination", packages], TypeScriptSdk, System.IO.Path.GetFullPath(".tools/logs/npm-pack.log"));
    foreach (var package in System.IO.Directory.EnumerateFiles(packages).Order())
    {
        Console.WriteLine(package);
    }
});

Target("Migrate", "migrates the databases [--provider=sqlite|postgres|sqlserver --connection=... --identity-connection=...]; --add=NAME makes migrations for all three",
    ["provider", "connection", "identity-connection", "add"], () =>
{
    if (given.TryGetValue("add", out var name))
    {
        AddMigration(name);
        return;
    }

    // With only one connection given, only that database is migrated; otherwise both are.
    if (given.ContainsKey("connection") || !given.ContainsKey("identity-connection"))
    {
        BuildApi();
        Migrate(ApiProject, "connection");
    }

    if (given.ContainsKey("identity-connection") || !given.ContainsKey("connection"))
    {
        BuildIdentity();
        Migrate(IdentityProject, "identity-connection");
    }
});

Target("Bench", "runs tests/Benchmarks [--only=\"*Part*\"]", ["only"], () =>
{
    Setup.SystemPackages([.. RuntimePackages, "libvips-tools", "nginx-light", "wrk", "gcc", "libc6-dev"]);
    Setup.Tools();
    Npm.Install("tests/Identity.Tests/npm");
    Npm.Install("tests/Benchmarks/npm");
    Build(BenchmarksProject);
    CompileAhead(BenchmarksProject, IdentityProject);
    Shell.Run("dotnet", [Assembly(BenchmarksProject),
        .. given.TryGetValue("only", out var only) ? new[] { "--filter", only } : []], limit: TimeSpan.FromHours(2));
});

Target("Format", "formats C# and TypeScript", [], () =>
{
    Setup.Tools();
    Format();
});

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
