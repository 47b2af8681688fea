using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Protocol.Ports;

namespace Proofsheet.Identity.Tests.Support;

/// <summary>
/// Sign-ins for tests of the protocol, which are not about passwords: a request with the header <see cref="Header"/> is signed in as that session. All
/// other requests and sessions are handled by the product's modules.
/// </summary>
public sealed class TestSessions
{
    public const string Header = "Test-Session";
    private readonly ConcurrentDictionary<string, SignedIn> _live = new();
    private readonly ConcurrentDictionary<string, Profile> _profiles = new();

    /// <summary>A new user with a live session.</summary>
    public SignedIn Begin(DateTimeOffset at, string? subject = null, params string[] methods)
    {
        subject ??= $"usr_{Guid.NewGuid():N}";
        _profiles.TryAdd(subject, new Profile { Subject = subject, IsActive = true, Name = "Anna Example", Email = $"{subject}@example.com", EmailVerified = true });
        var session = new SignedIn(subject, $"ses_{Guid.NewGuid():N}", at, methods.Length == 0 ? ["pwd"] : methods);
        _live[session.SessionId] = session;
        return session;
    }

    /// <summary>The same session after the user signed in again.</summary>
    public SignedIn Again(SignedIn session, DateTimeOffset at, params string[] methods) =>
        _live[session.SessionId] = session with { AuthenticatedAt = at, Methods = methods.Length == 0 ? session.Methods : methods };

    public void End(string sessionId) => _live.TryRemove(sessionId, out _);

    public void Disable(string subject) => _profiles[subject] = _profiles[subject] with { IsActive = false };

    internal void Decorate(IServiceCollection services)
    {
        Wrap<IUserSessions>(services, inner => new Sessions(this, inner));
        Wrap<IProfileService>(services, inner => new Profiles(this, inner));
    }

    private static void Wrap<T>(IServiceCollection services, Func<T?, T> wrapper)
        where T : class
    {
        var inner = services.LastOrDefault(s => s.ServiceType == typeof(T));
        if (inner is not null)
        {
            services.Remove(inner);
        }

        services.AddScoped(provider => wrapper((T?)(inner?.ImplementationInstance
            ?? inner?.ImplementationFactory?.Invoke(provider)
            ?? (inner?.ImplementationType is { } type ? ActivatorUtilities.CreateInstance(provider, type) : null))));
    }

    private sealed class Sessions(TestSessions all, IUserSessions? inner) : IUserSessions
    {
        public async Task<SignedIn?> CurrentAsync(HttpContext http, CancellationToken cancellation) =>
            http.Request.Headers.TryGetValue(Header, out var id)
                ? all._live.GetValueOrDefault(id.ToString())
                : inner is null ? null : await inner.CurrentAsync(http, cancellation);

        public async Task<bool> IsLiveAsync(string sessionId, CancellationToken cancellation) =>
            all._live.ContainsKey(sessionId) || (inner is not null && await inner.IsLiveAsync(sessionId, cancellation));

        public Task EndAsync(string sessionId, CancellationToken cancellation) =>
            all._live.TryRemove(sessionId, out _) || inner is null ? Task.CompletedTask : inner.EndAsync(sessionId, cancellation);
    }

    private sealed class Profiles(TestSessions all, IProfileService? inner) : IProfileService
    {
        public async Task<Profile?> FindAsync(string subject, CancellationToken cancellation) =>
            all._profiles.GetValueOrDefault(subject) ?? (inner is null ? null : await inner.FindAsync(subject, cancellation));
    }
}
