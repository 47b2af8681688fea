using Proofsheet.Api.Access;
using Proofsheet.Api.Audit;
using Proofsheet.Api.Carts;
using Proofsheet.Api.Catalog;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Commands;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Downloads;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.Worker;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Mail;
using Proofsheet.Api.Notifications;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Outbox;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Photos.Delivery;
using Proofsheet.Api.Selections;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios;

if (ImagingWorker.IsAskedFor(args))
{
    return ImagingWorker.Run(args);
}

if (!Globalization.Begin())
{
    return 1;
}

args = CommandLine.WithValues(args);
// Settings are read once. Watched for changes, their folder would be watched to its depths, and each write to a store in it be told of.
var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
builder.Configuration.AddOwnSettings();
builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--provider"] = "Database:Provider", ["--connection"] = "Database:ConnectionString" });
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    // JSON bodies are small; uploads and logos raise this for themselves.
    kestrel.Limits.MaxRequestBodySize = 1 << 20;
    kestrel.Limits.MaxRequestHeadersTotalSize = 32 << 10;
});
builder.Logging.ClearProviders().AddJsonConsole(options => options.UseUtcTimestamp = true);
builder.Logging.KeepFrameworksQuiet();

builder.Services.AddKernel(builder.Configuration);
builder.Services.AddData(builder.Configuration);
builder.Services.AddOutbox(builder.Configuration);
builder.Services.AddStorage(builder.Configuration);
builder.Services.AddImaging(builder.Configuration);
builder.Services.AddAudit();
builder.Services.AddAccess(builder.Configuration);
builder.Services.AddStudios(builder.Configuration);
builder.Services.AddClients(builder.Configuration);
builder.Services.AddGalleries(builder.Configuration);
builder.Services.AddPhotos(builder.Configuration);
builder.Services.AddPayments(builder.Configuration);
builder.Services.AddCarts(builder.Configuration);
builder.Services.AddOrders(builder.Configuration);
builder.Services.AddDownloads();
builder.Services.AddMail(builder.Configuration);
builder.Services.AddNotifications();
builder.Services.AddOpenApiDocument();
builder.Services.AddHealthChecks().AddCheck<DatabaseReady>("database");

var app = builder.Build();

// Before anything is mapped: a command needs no payments, mail or other settings that only serving needs.
if (CommandLine.IsAskedFor(args))
{
    return await CommandLine.RunAsync(args, app);
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
app.UseRateLimits();
app.UseAuthorization();
app.UseMiddleware<IdempotencyMiddleware>();

app.MapHealthChecks("/health/live", new() { Predicate = _ => false }).WithMetadata(new NotRateLimited());
app.MapHealthChecks("/health/ready").WithMetadata(new NotRateLimited());
app.MapOpenApiDocument();

var api = app.MapGroup("/v1").AddEndpointFilter<ValidationFilter>();
api.MapDeadLetters();
api.MapAccess();
api.MapAudit();
api.MapStudios();
api.MapClients();
api.MapGalleries();
api.MapSelections();
api.MapPhotos();
api.MapCatalog();
api.MapCarts();
api.MapOrders();
api.MapDownloads();

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
