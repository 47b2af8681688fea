using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Proofsheet.Api.Tests.Support;

public sealed partial class ApiHost
{
    private sealed class Factory(Dictionary<string, string?> settings, Action<IServiceCollection> services) : WebApplicationFactory<Program>
    {
        private readonly StartGate _gate = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            // Not UseKestrel(0): that sets the port while the program may already be binding, and throws when it is (dotnet/aspnetcore#67714).
            builder.UseUrls("http://127.0.0.1:0");
            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }

            builder.UseEnvironment("Testing");
            builder.ConfigureLogging(logging =>
            {
                logging.ClearProviders();
                if (Environment.GetEnvironmentVariable("PROOFSHEET_TEST_LOG") is { Length: > 0 })
                {
                    logging.AddSimpleConsole();
                }
            });
            builder.ConfigureTestServices(services);
            builder.ConfigureTestServices(all => all.Replace(ServiceDescriptor.Singleton<IHostLifetime>(_gate)));
        }

        protected override IHost CreateHost(IHostBuilder builder)
        {
            var host = builder.Build();
            var starting = host.StartAsync();
            _gate.Open();
            starting.GetAwaiter().GetResult();
            return host;
        }
    }

    /// <summary>
    /// The program runs on its own thread, and the factory waits for its services to start. A program that fails at startup disposes them, and if that
    /// happened before the factory waits, its error would be lost and reported as a disposed object. So the program does not start until the factory
    /// waits.
    /// </summary>
    private sealed class StartGate : IHostLifetime
    {
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _opened.TrySetResult();

        public Task WaitForStartAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
