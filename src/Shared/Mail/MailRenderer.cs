using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Proofsheet.Shared.Mail;

/// <param name="Html">A whole document.</param>
/// <param name="Text">The same for readers that show plain text.</param>
public sealed record RenderedMail(string Html, string Text);

/// <summary>Renders a Razor component as a mail. Razor encodes every text it is given; the plain text is made from the result.</summary>
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
