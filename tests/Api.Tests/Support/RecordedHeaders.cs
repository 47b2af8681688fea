using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Proofsheet.Api.Tests.Support;

/// <summary>The headers of every request to a host as received, including those that its background work sends to itself.</summary>
internal sealed class RecordedHeaders : IStartupFilter
{
    private readonly ConcurrentQueue<KeyValuePair<string, string>> _all = new();

    public IEnumerable<string> Of(string name) => _all.Where(h => h.Key == name).Select(h => h.Value);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => http =>
        {
            foreach (var (name, value) in http.Request.Headers)
            {
                _all.Enqueue(new(name, value.ToString()));
            }

            return following(http);
        });
        next(app);
    };
}
