using Proofsheet.Api.Archives;
using Proofsheet.Api.Audit;
using Proofsheet.Api.Auth;
using Proofsheet.Api.Carts;
using Proofsheet.Api.Catalog;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Commands;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.DeadLetters;
using Proofsheet.Api.Exports;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.GalleryDownloads;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Imaging.Worker;
using Proofsheet.Api.Media;
using Proofsheet.Api.Media.Serving;
using Proofsheet.Api.Notifications;
using Proofsheet.Api.OAuthClients;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Selections;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Uploads;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Hosting;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;

if (ImagingWorker.IsAskedFor(args))
{
    return ImagingWorker.Run(args);
}

if (!Globalization.Begin())
{
    return 1;
}

args = CommandLine.WithValues(args);
// Settings are read only once. Watching for changes would watch the whole folder tree and report every write to a store inside it.
var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
builder.Configuration.AddOwnSettings(typeof(Program).Assembly);
builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--provider"] = "Database:Provider", ["--connection"] = "Database:ConnectionString" });
if (RenamedSettings.Refusals(builder.Configuration) is { Count: > 0 } refusals)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, refusals));
    return 1;
}

builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    // JSON bodies are small; uploads and logos raise this limit themselves.
    kestrel.Limits.MaxRequestBodySize = 1 << 20;
    kestrel.Limits.MaxRequestHeadersTotalSize = 32 << 10;
});
builder.Logging.ClearProviders().AddJsonConsole(options => options.UseUtcTimestamp = true);
builder.Logging.KeepFrameworksQuiet();

builder.Services.AddHttp(builder.Configuration);
builder.Services.AddData(builder.Configuration);
builder.Services.AddOutbox(builder.Configuration);
builder.Services.AddStorage(builder.Configuration);
builder.Services.AddImaging(builder.Configuration);
builder.Services.AddAudit();
builder.Services.AddAuth(builder.Configuration);
builder.Services.AddStudios(builder.Configuration);
builder.Services.AddOAuthClients(builder.Configuration);
builder.Services.AddGalleries(builder.Configuration);
builder.Services.AddPhotos(builder.Configuration);
builder.Services.AddUploads();
builder.Services.AddMedia(builder.Configuration);
builder.Services.AddStoreMaintenance();
builder.Services.AddSelections();
builder.Services.AddPayments(builder.Configuration);
builder.Services.AddCarts(builder.Configuration);
builder.Services.AddOrders(builder.Configuration);
builder.Services.AddArchives();
builder.Services.AddOrderDownloads();
builder.Services.AddGalleryDownloads();
builder.Services.AddExports();
builder.Services.AddMail(builder.Configuration);
builder.Services.AddNotifications();
builder.Services.AddOpenApiDocument();
builder.Services.AddHealthChecks().AddCheck<DatabaseReady>("database");

await using var app = builder.Build();

// Before anything is mapped, because a command does not need payments, email or other settings for serving.
if (CommandLine.IsAskedFor(args))
{
    return await CommandLine.RunAsync(args, app);
}

if ((VipsLibrary.Problem() ?? WatermarkFont.Problem(WatermarkFont.File)) is { } problem)
{
    await Console.Error.WriteLineAsync(problem);
    return 1;
}

app.UseClientAddress();
app.UseSecurityHeaders();
app.UseAbsoluteLocations();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UsePictures();
app.UseRouting();
app.UseAuthentication();
app.UseCors();
app.UseApiVersions();
app.UseRateLimits();
app.UseConcurrencyLimits();
app.UseAuthorization();
app.UseRenamedNames();
app.UseMiddleware<IdempotencyMiddleware>();

app.MapHealthChecks("/health/live", new() { Predicate = _ => false }).WithMetadata(new NotRateLimited());
app.MapHealthChecks("/health/ready").WithMetadata(new NotRateLimited());
app.MapOpenApiDocument();

var api = app.MapGroup("/v1").AddEndpointFilter<ValidationFilter>();
api.MapListDeadLetters();
api.MapReplayDeadLetter();
api.MapAuth();
api.MapAudit();
api.MapStudios();
api.MapOAuthClients();
api.MapClients();
api.MapGalleries();
api.MapSelections();
api.MapPhotos();
api.MapUploads();
api.MapMedia();
api.MapCatalog();
api.MapCarts();
api.MapOrders();
api.MapOrderDownloads();
api.MapNotifications();
api.MapGalleryDownloads();
api.MapExports();
api.MapRenamedPaths();

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
