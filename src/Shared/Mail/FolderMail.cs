using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Proofsheet.Shared.Mail;

/// <summary>Writes mails to a folder as .eml files, which every mail program opens; for trying things out.</summary>
internal sealed class FolderMail(IOptions<MailOptions> options, TimeProvider clock) : IMailSender
{
    public async Task SendAsync(MailMessage message, CancellationToken cancellation = default)
    {
        var mail = OutgoingMail.Of(message, options.Value.Platform, clock.GetUtcNow());
        var folder = Path.GetFullPath(options.Value.Folder);
        var path = Path.Combine(folder, mail.Id + ".eml");
        var temporary = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.new";
        try
        {
            Directory.CreateDirectory(folder);
            await using (var file = File.Create(temporary))
            {
                await mail.Message.WriteToAsync(OutgoingMail.Format, file, cancellation);
            }

            // The same mail, sent again, replaces its file.
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MailException("The mail folder cannot be written to.", isTransient: true, e);
        }
        finally
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }
}
