#nullable enable
// What Ci looks at besides tests.
void SdkWithoutDiff()
{
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

void SolutionListsEveryProject()
{
    var solution = System.IO.File.ReadAllText(Solution);
    var missing = Stamps.Files(["src", "tests", "samples"]).Where(f => f.EndsWith(".csproj") && !solution.Contains($"\"{f}\"")).ToList();
    if (missing.Count > 0)
    {
        throw new StepFailed($"{Solution} lacks {string.Join(", ", missing)}: dotnet sln {Solution} add {string.Join(' ', missing)}");
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
