using Proofsheet.Identity;
using Proofsheet.Identity.Commands;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Pages;
using Proofsheet.Identity.Protocol;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users;
using Proofsheet.Identity.Users.Social;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Hosting;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;

if (!Globalization.Begin())
{
    return 1;
}

// Settings are read once. Watching for changes would watch their whole folder tree, including every write to a store in it.
var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
builder.Configuration.AddOwnSettings(typeof(Program).Assembly);
builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--provider"] = "Database:Provider", ["--connection"] = "Database:ConnectionString" });
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    // Forms and tokens are small.
    kestrel.Limits.MaxRequestBodySize = 256 << 10;
    kestrel.Limits.MaxRequestHeadersTotalSize = 32 << 10;
});
builder.Logging.ClearProviders().AddJsonConsole(options => options.UseUtcTimestamp = true);
builder.Logging.KeepFrameworksQuiet();

builder.Services.AddAuthority(builder.Configuration);
builder.Services.AddData(builder.Configuration);
builder.Services.AddOutbox(builder.Configuration);
builder.Services.AddMail(builder.Configuration);
builder.Services.AddSessions(builder.Configuration);
builder.Services.AddUsers(builder.Configuration);
builder.Services.AddProtocol(builder.Configuration);
builder.Services.AddPages(builder.Configuration);

await using var app = builder.Build();

if (CommandLine.IsAskedFor(args))
{
    return await CommandLine.RunAsync(args, app);
}

app.UseClientAddress();
app.UsePageHeaders();
app.UseExceptionHandler("/error");
app.UseSocialForms();
app.UseProtocol();
app.UseRouting();
app.UseAuthentication();
app.UseAuthorization();

app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
app.MapHealthChecks("/health/ready");
app.MapProtocol();
app.MapPages();

try
{
    await app.Services.MigrateIfEmbeddedAsync();
}
catch (UnusableDatabaseException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

await app.RunAsync();
return 0;
