using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>Says what the operations of each tag are for. Tags are groups of the reference page and of the SDKs.</summary>
internal sealed class DescribedTags : IDocumentFilter
{
    private static readonly Dictionary<string, string> Descriptions = new(StringComparer.Ordinal)
    {
        ["Audit"] = "Who changed what in the studio, and when.",
        ["Carts"] = "What a visitor is about to buy, with the prices that hold for it.",
        ["Catalog"] = "Products, price sheets and discounts, what a gallery sells, and how the studio sells.",
        ["Clients"] = "The studio's customers and their addresses.",
        ["Downloads"] = "Bought files, and files that a gallery lets its visitors download.",
        ["Exports"] = "Whole galleries as archives, for the studio.",
        ["Galleries"] = "Galleries and their lifecycle, and invitations to them.",
        ["Keys"] = "API keys of the studio.",
        ["Media"] = "Pictures and logos, at signed or public addresses.",
        ["Members"] = "The people who work in the studio, and invitations to join it.",
        ["OAuth clients"] = "Programs that the studio registers at the authority.",
        ["Orders"] = "Checkout, orders, and payments for them.",
        ["Photos"] = "Photos of a gallery, their order and their progress.",
        ["Platform"] = "The installation itself, for its operator.",
        ["Sections"] = "The ordered parts of a gallery.",
        ["Selections"] = "The photos that visitors pick.",
        ["Simulator"] = "The simulated payment provider.",
        ["Storefront"] = "What a visitor can do before a gallery is open, and how one is opened.",
        ["Studio"] = "The studio, its branding, and the studios of an account.",
        ["Uploads"] = "Resumable uploads (tus 1.0.0) and batches.",
        ["Visitors"] = "The people in a gallery, and their devices.",
        ["Watermarks"] = "What is written or drawn over the pictures that visitors see.",
        ["Webhooks"] = "What payment providers and authorities report.",
    };

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            // A missing description fails the linters of the document.
            tag.Description = Descriptions.GetValueOrDefault(tag.Name ?? "");
        }
    }
}
