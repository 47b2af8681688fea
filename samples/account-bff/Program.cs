using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Proofsheet.AccountBff;
using Proofsheet.AccountBff.Sessions;
using Proofsheet.AccountBff.SignIn;
using Proofsheet.AccountBff.Web;
using Proofsheet.Sdk;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = 64 << 10;
});
builder.Logging.ClearProviders().AddJsonConsole(options => options.UseUtcTimestamp = true)
    .AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);

var services = builder.Services;
services.AddOptions<BffOptions>().Bind(builder.Configuration.GetSection("Bff")).ValidateDataAnnotations().ValidateOnStart();
services.AddSingleton(TimeProvider.System);
services.AddSingleton(provider => new AuthorityClient(AuthorityOf(provider.GetRequiredService<IOptions<BffOptions>>().Value, provider.GetRequiredService<TimeProvider>())));
services.AddSingleton<CodeSignIn>();
services.AddSingleton<SessionStore>();
services.AddSingleton<AuthorityKeys>();
services.AddSingleton<LogoutTokens>();
services.AddHttpClient(AuthorityKeys.Client, http => (http.Timeout, http.MaxResponseContentBufferSize) = (TimeSpan.FromSeconds(10), 1 << 20));
services.AddHttpClient(ApiEndpoint.Client, http => http.Timeout = Timeout.InfiniteTimeSpan)
    .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
var protection = services.AddDataProtection().SetApplicationName("Proofsheet.AccountBff");
if (builder.Configuration["Bff:KeysFolder"] is { Length: > 0 } folder)
{
    protection.PersistKeysToFileSystem(new DirectoryInfo(folder));
}

services.AddRazorPages();
services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedFor);

var app = builder.Build();
app.UseForwardedHeaders();
app.UsePageHeaders();
app.UseRouting();
app.MapAssets();
app.MapSignIn();
app.MapSignOut();
app.MapUser();
app.MapApi();
app.MapRazorPages();
app.MapGet("/health", () => Results.Ok());
await app.RunAsync();

static AuthorityOptions AuthorityOf(BffOptions options, TimeProvider clock) => new()
{
    Authority = options.Authority!,
    ClientId = options.ClientId,
    Authentication = (options.ClientKeyFile, options.ClientSecret) switch
    {
        ({ } file, null) => ClientAuthentication.PrivateKey(KeyIn(file)),
        (null, { } secret) => ClientAuthentication.Secret(secret),
        _ => throw new OptionsValidationException("Bff", typeof(BffOptions), ["Bff has either ClientSecret or ClientKeyFile."]),
    },
    Scope = options.Scope,
    Clock = clock.GetUtcNow,
};

static ECDsa KeyIn(string file)
{
    var key = ECDsa.Create();
    key.ImportFromPem(File.ReadAllText(file));
    return key;
}
