using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Proofsheet.Shared.Mail;

/// <param name="Html">A complete document.</param>
/// <param name="Text">The same content for readers that show plain text.</param>
public sealed record RenderedMail(string Html, string Text);

/// <summary>Renders a Razor component as a mail. Razor encodes every text; the plain text is derived from the result.</summary>
internal sealed class MailRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    public async Task<RenderedMail> RenderAsync<TComponent>(IReadOnlyDictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(new Dictionary<string, object?>(parameters)));
            return root.ToHtmlString();
        });
        return new RenderedMail(html, PlainText.Of(html));
    }
}
